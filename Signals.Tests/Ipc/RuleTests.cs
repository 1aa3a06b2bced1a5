using System.Reflection;
using NUnit.Framework;
using Signals.Ipc;

namespace Signals.Tests.Ipc;

/// <summary>Each rule of the contract has a test that cites it in its name.</summary>
public sealed class RuleTests
{
    private const BindingFlags Members =
        BindingFlags.Static | BindingFlags.Instance | BindingFlags.Public | BindingFlags.NonPublic | BindingFlags.DeclaredOnly;

    private static IEnumerable<string> Rules =>
        new[] { ("F", 5), ("K", 3), ("C", 11), ("H", 10) }.SelectMany(part => Enumerable.Range(1, part.Item2).Select(number => $"{part.Item1}{number}"));

    [TestCaseSource(nameof(Rules))]
    public void Rule_is_cited_by_a_test(string rule)
    {
        IEnumerable<string> tests = typeof(RuleTests)
            .Assembly.GetTypes()
            .Where(type => type.Namespace?.StartsWith("Signals.Tests.Ipc", StringComparison.Ordinal) == true)
            .SelectMany(type => type.GetMethods())
            .Where(method => method.GetCustomAttributes<NUnitAttribute>().Any())
            .Select(method => method.Name);
        Assert.That(tests.Where(name => name.Split('_').TakeWhile(IsRule).Contains(rule)), Is.Not.Empty);
    }

    [Test]
    public void Each_class_with_a_lock_states_its_invariants()
    {
        IEnumerable<string> without = typeof(IpcClient)
            .Assembly.GetTypes()
            .Where(type => type.GetFields(Members).Any(field => field.FieldType == typeof(Lock)))
            .Where(type => type.GetMethod("AssertInvariants", Members) is null)
            .Select(type => type.Name);
        Assert.That(without, Is.Empty);
    }

    private static bool IsRule(string word) => word.Length is 2 or 3 && "FKCH".Contains(word[0]) && word.Skip(1).All(char.IsAsciiDigit);
}
