using System.Reflection;
using System.Reflection.Metadata;
using System.Reflection.PortableExecutable;
using System.Runtime.CompilerServices;
using System.Xml.Linq;
using NUnit.Framework;
using Signals.Hosting;
using Signals.Ipc;
using Signals.Reactive;
using Signals.Remote;

namespace Signals.Tests.Product.Api;

/// <summary>The files of the packages: documentation, assemblies and symbols.</summary>
public sealed class BuildOutputTests
{
    private const BindingFlags Declared =
        BindingFlags.DeclaredOnly | BindingFlags.Public | BindingFlags.NonPublic | BindingFlags.Instance | BindingFlags.Static;

    private static readonly Assembly[] Libraries =
    [
        typeof(Signal).Assembly,
        typeof(IpcHostBuilder).Assembly,
        typeof(IpcHost).Assembly,
        typeof(EvaluatorScheduler).Assembly,
        typeof(LocalExchange).Assembly,
    ];

    [TestCaseSource(nameof(Libraries))]
    public void Documentation_has_public_members_only(Assembly library)
    {
        Dictionary<string, int> visible = VisibleMembers(library).GroupBy(member => member).ToDictionary(group => group.Key, group => group.Count());
        IEnumerable<string> internals = DocumentedMembers(library)
            .GroupBy(WithoutSignature)
            .Where(group => group.Count() > visible.GetValueOrDefault(group.Key))
            .SelectMany(group => group);
        Assert.That(internals, Is.Empty);
    }

    [TestCaseSource(nameof(Libraries))]
    public void Documentation_has_all_public_types_and_methods(Assembly library)
    {
        Dictionary<string, int> documented = DocumentedMembers(library).GroupBy(WithoutSignature).ToDictionary(group => group.Key, group => group.Count());
        IEnumerable<string> types = library.GetExportedTypes().Select(type => $"T:{NameOf(type)}");
        IEnumerable<string> methods = library
            .GetExportedTypes()
            .Where(type => !typeof(Delegate).IsAssignableFrom(type) && !type.IsDefined(typeof(ExtensionAttribute)))
            .SelectMany(type => type.GetMethods(Declared).Where(method => MustBeDocumented(method)).Select(method => $"M:{NameOf(type)}.{method.Name}"));
        IEnumerable<string> missing = types
            .Concat(methods)
            .GroupBy(member => member)
            .Where(group => group.Count() > documented.GetValueOrDefault(group.Key))
            .Select(group => group.Key);
        Assert.That(missing, Is.Empty);
    }

    [TestCaseSource(nameof(Libraries))]
    public void Documentation_refers_to_public_members_only(Assembly library)
    {
        HashSet<string> visible = Libraries.SelectMany(VisibleMembers).ToHashSet();
        IEnumerable<string> references = Documentation(library)
            .Descendants()
            .Attributes("cref")
            .Select(reference => reference.Value)
            .Where(reference => reference[2..].StartsWith("Signals.", StringComparison.Ordinal))
            .Where(reference => !visible.Contains(WithoutSignature(reference)))
            .Distinct();
        Assert.That(references, Is.Empty);
    }

    [TestCaseSource(nameof(Libraries))]
    public void Assembly_and_symbols_contain_no_path_of_the_machine(Assembly library)
    {
        using var assembly = new PEReader(File.OpenRead(library.Location));
        DebugDirectoryEntry entry = assembly.ReadDebugDirectory().Single(candidate => candidate.Type == DebugDirectoryEntryType.CodeView);
        using var provider = MetadataReaderProvider.FromPortablePdbStream(File.OpenRead(Path.ChangeExtension(library.Location, ".pdb")));
        MetadataReader symbols = provider.GetMetadataReader();
        IEnumerable<string> sources = symbols.Documents.Select(document => symbols.GetString(symbols.GetDocument(document).Name));
        Assert.Multiple(() =>
        {
            Assert.That(assembly.ReadCodeViewDebugDirectoryData(entry).Path, Does.StartWith("/_/"));
            Assert.That(sources.Where(source => !source.StartsWith("/_", StringComparison.Ordinal)), Is.Empty);
        });
    }

    private static XDocument Documentation(Assembly library) => XDocument.Load(Path.ChangeExtension(library.Location, ".xml"));

    private static IEnumerable<string> DocumentedMembers(Assembly library) =>
        Documentation(library).Descendants("member").Select(member => member.Attribute("name")!.Value);

    /// <summary>Returns the ids of all types and members that other assemblies can use, without parameters.</summary>
    private static IEnumerable<string> VisibleMembers(Assembly library) =>
        library
            .GetExportedTypes()
            .SelectMany(type =>
                type.GetMembers(Declared)
                    .Where(IsVisible)
                    .Select(member => $"{KindOf(member)}:{NameOf(type)}.{member.Name.Replace('.', '#')}")
                    .Prepend($"T:{NameOf(type)}")
            );

    private static bool IsVisible(MemberInfo member) =>
        member switch
        {
            MethodBase method => method.IsPublic || method.IsFamily || method.IsFamilyOrAssembly,
            FieldInfo field => field.IsPublic || field.IsFamily || field.IsFamilyOrAssembly,
            PropertyInfo property => property.GetAccessors(nonPublic: true).Any(IsVisible),
            EventInfo definition => IsVisible(definition.AddMethod!),
            _ => false,
        };

    private static char KindOf(MemberInfo member) =>
        member switch
        {
            MethodBase => 'M',
            FieldInfo => 'F',
            PropertyInfo => 'P',
            _ => 'E',
        };

    private static bool MustBeDocumented(MethodInfo method) =>
        IsVisible(method) && !method.IsSpecialName && method.GetBaseDefinition() == method && !method.IsDefined(typeof(CompilerGeneratedAttribute));

    private static string NameOf(Type type) => type.FullName!.Replace('+', '.');

    private static string WithoutSignature(string id)
    {
        string name = id.Split('(', '~')[0];
        int typeParameters = name.IndexOf("``", StringComparison.Ordinal);
        return typeParameters < 0 ? name : name[..typeParameters];
    }
}
