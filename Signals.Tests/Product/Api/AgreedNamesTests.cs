using System.Reflection;
using NUnit.Framework;
using Signals.Tests.Product.Docs;

namespace Signals.Tests.Product.Api;

[NonParallelizable]
public sealed class AgreedNamesTests
{
    [Test]
    public void Program_that_uses_every_public_name_compiles_and_runs()
    {
        (Assembly? program, string messages) = ProgramCompiler.Compile(AgreedNames.Program, nameof(AgreedNames), 1);
        Assert.That(program, Is.Not.Null, messages);
        Assert.That(ProgramRunner.Run(program!), Is.EqualTo("used"));
    }
}
