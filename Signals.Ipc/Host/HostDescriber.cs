using Google.Protobuf;
using Google.Protobuf.Reflection;
using Signals.Ipc.Framing;
using Signals.Ipc.Wire;

namespace Signals.Ipc.Host;

/// <summary>Describes the services of a host to a client that asks.</summary>
internal static class HostDescriber
{
    /// <summary>Sends the description, as a stream of replies. Its size depends on the services only, never on the client.</summary>
    internal static void Describe(HostConnection connection, ulong requestId, ReadOnlySpan<byte> arguments)
    {
        DescribeRequest request;
        try
        {
            request = DescribeRequest.Parser.ParseFrom(arguments);
        }
        catch (Exception exception) when (exception is InvalidProtocolBufferException or InvalidOperationException)
        {
            connection.Fail(requestId, new CallStatus(IpcStatusCode.InvalidArgument, "The request cannot be parsed."));
            return;
        }

        IEnumerable<ServiceDescriptor> services = connection.Services.All.Select(static service => service.Descriptor);
        HostDescription description = Describe(request.HasService ? services.Where(service => service.Name == request.Service) : services);
        MessageParts.Send(connection, requestId, description.ToByteArray());
    }

    /// <summary>Returns the description of services. Equal files are contained once.</summary>
    internal static HostDescription Describe(IEnumerable<ServiceDescriptor> services)
    {
        var description = new HostDescription();
        var indexes = new Dictionary<ByteString, uint>();
        foreach (ServiceDescriptor service in services)
        {
            var described = new DescribedService { Name = service.Name, FullName = service.FullName };
            described.Methods.AddRange(
                service.Methods.Select(static method => new DescribedMethod
                {
                    Name = method.Name,
                    Request = method.InputType.FullName,
                    Reply = method.OutputType.FullName,
                    IsStream = method.IsServerStreaming,
                })
            );
            AddFile(service.File, described, []);
            description.Services.Add(described);
        }

        return description;

        void AddFile(FileDescriptor file, DescribedService described, HashSet<FileDescriptor> added)
        {
            if (!added.Add(file))
            {
                return;
            }

            foreach (FileDescriptor dependency in file.Dependencies)
            {
                AddFile(dependency, described, added);
            }

            if (!indexes.TryGetValue(file.SerializedData, out uint index))
            {
                index = (uint)description.Files.Count;
                indexes.Add(file.SerializedData, index);
                description.Files.Add(file.SerializedData);
            }

            described.Files.Add(index);
        }
    }
}
