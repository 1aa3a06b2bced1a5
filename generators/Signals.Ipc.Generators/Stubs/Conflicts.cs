using System.Collections.Immutable;
using Signals.Ipc.Generators.Support;

namespace Signals.Ipc.Generators.Stubs;

/// <summary>The services, and the files to generate, whose names collide.</summary>
/// <param name="Services">The mistakes of services that come after another one of the same name.</param>
/// <param name="Files">The <see cref="StubFile.Key"/>s that differ from that of an earlier file by case only.</param>
internal sealed record Conflicts(EquatableArray<Conflict> Services, EquatableArray<string> Files)
{
    /// <summary>Compares all files with one another. The order of the files does not matter.</summary>
    internal static Conflicts Among(ImmutableArray<StubFile> files)
    {
        var stubs = new Dictionary<string, (StubFile File, ServiceStub Service)>();
        var names = new Dictionary<string, (StubFile File, ServiceStub Service)>();
        var hints = new HashSet<string>(StringComparer.OrdinalIgnoreCase);
        var conflicts = new List<Conflict>();
        var renamed = new List<string>();
        foreach (StubFile file in files.OrderBy(file => file.Path, StringComparer.Ordinal).ThenBy(file => file.Key, StringComparer.Ordinal))
        {
            if (!hints.Add(file.Key))
            {
                renamed.Add(file.Key);
            }

            foreach (ServiceStub service in file.Services)
            {
                string[] stubNames = [.. service.StubNames.Select(name => TypeNames.Join(file.Namespace, name))];
                if (stubNames.FirstOrDefault(stubs.ContainsKey) is { } taken)
                {
                    (StubFile otherFile, ServiceStub other) = stubs[taken];
                    Add(Mistakes.ServicesHaveOneStub, file, service, isError: true, service.WireName, other.WireName, otherFile.Path);
                    continue;
                }

                foreach (string name in stubNames)
                {
                    stubs.Add(name, (file, service));
                }

                if (names.TryGetValue(service.WireName, out (StubFile File, ServiceStub Service) namesake))
                {
                    Add(Mistakes.ServicesHaveOneName, file, service, isError: false, service.WireName, namesake.File.Path);
                }
                else
                {
                    names.Add(service.WireName, (file, service));
                }
            }
        }

        return new Conflicts(new(conflicts), new(renamed));

        void Add(string id, StubFile file, ServiceStub service, bool isError, params string[] arguments) =>
            conflicts.Add(new Conflict(file.Key, service.Index, new Mistake(id, service.WireName, null, new(arguments)), isError));
    }

    /// <summary>Returns a file without the services that get no stubs, and with the mistakes.</summary>
    internal StubFile ApplyTo(StubFile file)
    {
        Conflict[] found = [.. Services.Where(conflict => conflict.File == file.Key)];
        return found.Length == 0
            ? file
            : file with
            {
                Services = new(file.Services.Where(service => !found.Any(conflict => conflict.IsError && conflict.Service == service.Index))),
                Mistakes = new(file.Mistakes.Concat(found.Select(conflict => conflict.Mistake))),
            };
    }

    /// <summary>Returns the name of the file that is generated, which the compiler compares without regard to case.</summary>
    internal string HintNameOf(StubFile file)
    {
        int position = Files.ToList().IndexOf(file.Key);
        return position < 0 ? $"{file.Key}.g.cs" : $"{file.Key}.{position + 2}.g.cs";
    }
}
