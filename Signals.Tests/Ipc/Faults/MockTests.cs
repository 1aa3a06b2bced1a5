using Moq;
using NUnit.Framework;
using Signals.Ipc;

namespace Signals.Tests.Ipc.Faults;

/// <summary>A user tests code without a socket: the proxy and its signals are mocked.</summary>
public sealed class MockTests
{
    private static readonly DisconnectReason Lost = new(DisconnectCause.ConnectionLost, "The host was lost.");

    [Test]
    public async Task Mocked_proxy_returns_the_reply_of_the_test()
    {
        var greeter = new Mock<GreeterProxy> { DefaultValue = DefaultValue.Mock };
        greeter.Setup(proxy => proxy.SayHelloAsync("Ada", It.IsAny<CancellationToken>())).ReturnsAsync(new GreeterReplyMsg { Message = "Hi!" });
        var welcome = new Welcome(greeter.Object);
        Assert.That(await welcome.GreetAsync("Ada"), Is.EqualTo("Hi!"));
        greeter.Verify(proxy => proxy.SayHelloAsync("Ada", It.IsAny<CancellationToken>()), Times.Once);
    }

    [Test]
    public async Task Mocked_proxy_fails_like_a_lost_connection()
    {
        var greeter = new Mock<GreeterProxy> { DefaultValue = DefaultValue.Mock };
        greeter
            .Setup(proxy => proxy.SayHelloAsync(It.IsAny<string>(), It.IsAny<CancellationToken>()))
            .ThrowsAsync(new IpcDisconnectedException(Lost, requestMayHaveBeenSent: true));
        var welcome = new Welcome(greeter.Object);
        Assert.That(await welcome.GreetAsync("Ada"), Is.EqualTo("No host is there."));
    }

    [Test]
    public async Task Mocked_proxy_streams_the_replies_of_the_test()
    {
        var greeter = new Mock<GreeterProxy> { DefaultValue = DefaultValue.Mock };
        greeter
            .Setup(proxy => proxy.WatchGreetings("Ada", It.IsAny<CancellationToken>()))
            .Returns("one two".Split(' ').Select(text => new GreeterReplyMsg { Message = text }).ToAsyncEnumerable());
        Assert.That(await new Welcome(greeter.Object).WatchAsync("Ada"), Is.EqualTo("one, two"));
    }

    [Test]
    public void Signals_of_a_mocked_proxy_are_signals_of_the_test()
    {
        using var connected = new Signal();
        using var disconnected = new Signal<DisconnectReason>();
        var greeter = new Mock<GreeterProxy> { DefaultValue = DefaultValue.Mock };
        greeter.Setup(proxy => proxy.Connected).Returns(connected);
        greeter.Setup(proxy => proxy.Disconnected).Returns(disconnected);
        var welcome = new Welcome(greeter.Object);
        connected.Emit();
        Assert.That(welcome.Status, Is.EqualTo("online"));
        disconnected.Emit(Lost);
        Assert.That(welcome.Status, Is.EqualTo("offline: The host was lost."));
    }

    [Test]
    public void Mocked_signal_reports_connections_and_emits_values_of_the_test()
    {
        ISlot<DisconnectReason>? slot = null;
        var signal = new Mock<ISignal<DisconnectReason>>();
        signal.Setup(mocked => mocked.Connect(It.IsAny<ISlot<DisconnectReason>>())).Callback((ISlot<DisconnectReason> connected) => slot = connected);
        var greeter = new Mock<GreeterProxy> { DefaultValue = DefaultValue.Mock };
        greeter.Setup(proxy => proxy.Connected).Returns(new Signal());
        greeter.Setup(proxy => proxy.Disconnected).Returns(signal.Object);
        var welcome = new Welcome(greeter.Object);
        signal.Verify(mocked => mocked.Connect(It.IsAny<ISlot<DisconnectReason>>()), Times.Once);
        slot!.Invoke(Lost);
        Assert.That(welcome.Status, Is.EqualTo("offline: The host was lost."));
    }

    /// <summary>The code of the user.</summary>
    private sealed class Welcome
    {
        private readonly GreeterProxy _greeter;

        internal Welcome(GreeterProxy greeter)
        {
            _greeter = greeter;
            greeter.Connected.Connect(() => Status = "online");
            greeter.Disconnected.Connect(reason => Status = $"offline: {reason}");
        }

        internal string Status { get; private set; } = "";

        internal async Task<string> GreetAsync(string name)
        {
            try
            {
                return (await _greeter.SayHelloAsync(name)).Message;
            }
            catch (IpcDisconnectedException)
            {
                return "No host is there.";
            }
        }

        internal async Task<string> WatchAsync(string name)
        {
            var greetings = new List<string>();
            await foreach (GreeterReplyMsg greeting in _greeter.WatchGreetings(name))
            {
                greetings.Add(greeting.Message);
            }

            return string.Join(", ", greetings);
        }
    }
}
