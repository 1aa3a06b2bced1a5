using Google.Protobuf;
using Google.Protobuf.Reflection;
using Signals.Ipc.Wire;
using Signals.Tool.Json;

namespace Signals.Tool.Hosts;

/// <summary>Services with the types of their messages, as a host or a file describes them.</summary>
internal sealed class ServiceCatalog
{
    private ServiceCatalog(IReadOnlyList<ServiceDescriptor> services, IEnumerable<FileDescriptor> files)
    {
        Services = services;
        Types = new MessageTypes(files);
    }

    internal IReadOnlyList<ServiceDescriptor> Services { get; }

    internal MessageTypes Types { get; }

    /// <summary>Reads the description of a host.</summary>
    /// <exception cref="ToolException">The description is not valid.</exception>
    internal static ServiceCatalog Of(HostDescription description)
    {
        // Services of one file have the same descriptors.
        var pools = new Dictionary<string, FileDescriptor>();
        List<ServiceDescriptor> services = [];
        try
        {
            foreach (DescribedService service in description.Services)
            {
                string key = string.Join(',', service.Files);
                if (!pools.TryGetValue(key, out FileDescriptor? file))
                {
                    file = FileDescriptor.BuildFromByteStrings(service.Files.Select(index => description.Files[checked((int)index)]))[^1];
                    pools.Add(key, file);
                }

                services.Add(file.Services.Single(candidate => candidate.FullName == service.FullName));
            }
        }
        catch (Exception exception) when (IsOfDescriptors(exception))
        {
            throw new ToolException(ToolExit.Failed, $"The description of the host is not valid: {exception.Message}");
        }

        return new ServiceCatalog(services, pools.Values);
    }

    /// <summary>Reads a set of files.</summary>
    /// <exception cref="ToolException">The set is not valid.</exception>
    internal static ServiceCatalog Of(FileDescriptorSet set, string name)
    {
        try
        {
            IReadOnlyList<FileDescriptor> files = FileDescriptor.BuildFromByteStrings(set.File.Select(static file => file.ToByteString()));
            return new ServiceCatalog([.. files.SelectMany(static file => file.Services)], files);
        }
        catch (Exception exception) when (IsOfDescriptors(exception))
        {
            throw new ToolException(
                ToolExit.Misuse,
                $"{name} is not a complete set of descriptors: {exception.Message} Make it with protoc --include_imports --descriptor_set_out=FILE."
            );
        }
    }

    /// <summary>Returns a service by its short name or its full name.</summary>
    /// <exception cref="ToolException">There is none.</exception>
    internal ServiceDescriptor Find(string name)
    {
        ServiceDescriptor? found = Services.FirstOrDefault(service => service.Name == name || service.FullName == name);
        return found
            ?? throw new ToolException(
                ToolExit.Failed,
                $"{nameof(Ipc.IpcStatusCode.Unimplemented)}: There is no service {name}. {Listing("services", Services.Select(static service => service.Name))}"
            );
    }

    /// <summary>Returns a method of a service.</summary>
    /// <exception cref="ToolException">There is none, or it takes a stream of requests.</exception>
    internal MethodDescriptor Find(string serviceName, string name)
    {
        ServiceDescriptor service = Find(serviceName);
        MethodDescriptor method =
            service.Methods.FirstOrDefault(method => method.Name == name)
            ?? throw new ToolException(
                ToolExit.Failed,
                $"{nameof(Ipc.IpcStatusCode.Unimplemented)}: {service.Name} has no method {name}. {Listing("methods", service.Methods.Select(static method => method.Name))}"
            );
        return method.IsClientStreaming
            ? throw new ToolException(ToolExit.Failed, $"{nameof(Ipc.IpcStatusCode.Unimplemented)}: {service.Name}/{name} takes a stream of requests.")
            : method;
    }

    private static string Listing(string what, IEnumerable<string> names)
    {
        string[] all = [.. names];
        return all.Length == 0 ? $"There are no {what}." : $"The {what} are {string.Join(", ", all)}.";
    }

    /// <summary>Returns a value that indicates whether an exception is due to descriptors that are not valid.</summary>
    private static bool IsOfDescriptors(Exception exception) =>
        exception
            is InvalidProtocolBufferException
                or DescriptorValidationException
                or ArgumentException
                or InvalidOperationException
                or OverflowException
                or KeyNotFoundException;
}
