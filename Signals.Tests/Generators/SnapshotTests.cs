using NUnit.Framework;
using Signals.Tests.Generators.Support;

namespace Signals.Tests.Generators;

/// <summary>
/// The files in Snapshots are what the generator writes. When a change is meant, renew them and review the difference in the commit:
/// <code>RENEW_SNAPSHOTS=1 dotnet test Signals.Tests/Generators --filter SnapshotTests</code>
/// </summary>
public sealed class SnapshotTests
{
    private const string RenewVariable = "RENEW_SNAPSHOTS";

    [Test]
    public void T2_stubs_of_a_service_are_those_of_the_snapshot() => Compare("Greeter", StubProject.Create(Protos.Greeter));

    [Test]
    public void T3_stubs_of_signals_and_properties_are_those_of_the_snapshot() => Compare("Thermometer", StubProject.Create(Protos.Thermometer));

    [Test]
    public void T2_stubs_without_a_namespace_are_those_of_the_snapshot() =>
        Compare("NoPackage", StubProject.Create(Protos.Service("Plain", Protos.Rpc("Call"), Protos.StreamRpc("Descriptor")).Replace("package test;", "")));

    [Test]
    public void T1_stubs_of_internal_messages_are_those_of_the_snapshot() =>
        Compare(
            "Internal",
            StubProject.Create(new Dictionary<string, string> { ["test.proto"] = Protos.Service("Hidden", Protos.Rpc("Call")) }, isInternal: true)
        );

    [Test]
    public void T2_stubs_that_complete_classes_of_the_user_are_those_of_the_snapshot() =>
        Compare(
            "Completed",
            StubProject
                .Create(Protos.Service("Greeter", Protos.Rpc("SayHello"), Protos.StreamRpc("Watch")))
                .WithCode(
                    """
                    namespace Test
                    {
                        internal partial interface IGreeter { }

                        internal sealed partial class GreeterProxy
                        {
                            public GreeterProxy() : base(TestReflection.Descriptor.Services[0]) { }

                            public Task<R> SayHelloAsync(Q request, Signals.Ipc.CallOptions? options = null, CancellationToken cancellationToken = default) =>
                                Task.FromResult(new R());
                        }

                        public class GreeterBase { }
                    }
                    """
                )
        );

    private static void Compare(string name, StubProject project)
    {
        StubRun run = project.Run();
        Assert.Multiple(() =>
        {
            Assert.That(run.Diagnostics, Is.Empty);
            Assert.That(run.Problems, Is.Empty);
        });
        string path = Repository.PathOf("Signals.Tests", "Generators", "Snapshots", $"{name}.txt");
        if (Environment.GetEnvironmentVariable(RenewVariable) == "1")
        {
            File.WriteAllText(path, run.Code);
            Assert.Fail($"{path} has been renewed. Review what changed, and run the test again without {RenewVariable}.");
        }

        Assert.That(
            run.Code,
            Is.EqualTo(File.ReadAllText(path)),
            "The generated code has changed. If that is meant, renew the snapshots (see this class)."
        );
    }
}
