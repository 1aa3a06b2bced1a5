using Moq;
using NUnit.Framework;

namespace Signals.Tests.Ipc;

public sealed class MockedProxyTests
{
    [Test]
    public async Task Proxy_can_be_mocked_without_a_client()
    {
        var connected = new Signal();
        var mock = new Mock<GreeterProxy>();
        mock.Setup(proxy => proxy.WaveGoodbye("Ada")).ReturnsAsync(new GreeterReplyMsg { Message = "Goodbye Ada" });
        mock.SetupGet(proxy => proxy.Connected).Returns(connected);
        string? said = null;
        mock.Object.Connected.Connect(() => said = "connected");
        connected.Emit();
        Assert.That(said, Is.EqualTo("connected"));
        Assert.That((await mock.Object.WaveGoodbye("Ada")).Message, Is.EqualTo("Goodbye Ada"));
    }
}
