using System.Text;
using Google.Protobuf.Reflection;
using Signals.Tool.Json;

namespace Signals.Tool.Output;

/// <summary>Writes services and messages as in a .proto file.</summary>
internal static class ProtoText
{
    private const string Indentation = "  ";

    /// <summary>Returns the declarations of services, and of the messages and enumerations that they use. Those of google.protobuf are left out.</summary>
    internal static string Of(IReadOnlyList<ServiceDescriptor> services)
    {
        var text = new StringBuilder();
        List<IDescriptor> types = [];
        foreach (ServiceDescriptor service in services)
        {
            text.Append($"service {service.Name} {{\n");
            foreach (MethodDescriptor method in service.Methods)
            {
                string stream = method.IsServerStreaming ? "stream " : "";
                text.Append($"{Indentation}rpc {method.Name}({method.InputType.FullName}) returns ({stream}{method.OutputType.FullName});\n");
                Collect(method.InputType, types);
                Collect(method.OutputType, types);
            }

            text.Append("}\n\n");
        }

        foreach (IDescriptor type in types)
        {
            if (type is MessageDescriptor message)
            {
                Append(text, message);
            }
            else
            {
                Append(text, (EnumDescriptor)type);
            }
        }

        return string.Join('\n', text.ToString().TrimEnd().Split('\n').Select(TerminalText.Of));
    }

    private static void Collect(MessageDescriptor message, List<IDescriptor> types)
    {
        if (message.FullName.StartsWith(WellKnownFormatter.Package, StringComparison.Ordinal) || types.Contains(message))
        {
            return;
        }

        types.Add(message);
        foreach (FieldDescriptor declared in message.Fields.InDeclarationOrder())
        {
            FieldDescriptor field = declared.IsMap ? declared.MessageType.FindFieldByNumber(2) : declared;
            if (field.FieldType is FieldType.Message or FieldType.Group)
            {
                Collect(field.MessageType, types);
            }
            else if (field.FieldType == FieldType.Enum && !types.Contains(field.EnumType))
            {
                types.Add(field.EnumType);
            }
        }
    }

    private static void Append(StringBuilder text, MessageDescriptor message)
    {
        text.Append($"message {message.FullName} {{\n");
        OneofDescriptor? current = null;
        foreach (FieldDescriptor field in message.Fields.InDeclarationOrder())
        {
            if (current is not null && field.RealContainingOneof != current)
            {
                text.Append($"{Indentation}}}\n");
                current = null;
            }

            if (field.RealContainingOneof is { } oneof && oneof != current)
            {
                text.Append($"{Indentation}oneof {oneof.Name} {{\n");
                current = oneof;
            }

            text.Append(current is null ? Indentation : Indentation + Indentation);
            text.Append($"{LabelOf(field)}{TypeOf(field)} {field.Name} = {field.FieldNumber};\n");
        }

        text.Append(current is null ? "}\n\n" : $"{Indentation}}}\n}}\n\n");
    }

    private static void Append(StringBuilder text, EnumDescriptor type)
    {
        text.Append($"enum {type.FullName} {{\n");
        foreach (EnumValueDescriptor value in type.Values)
        {
            text.Append($"{Indentation}{value.Name} = {value.Number};\n");
        }

        text.Append("}\n\n");
    }

    private static string LabelOf(FieldDescriptor field) =>
        field.IsMap || field.RealContainingOneof is not null ? ""
        : field.IsRepeated ? "repeated "
        : field.IsRequired ? "required "
        : field.HasPresence && field.FieldType != FieldType.Message ? "optional "
        : "";

    private static string TypeOf(FieldDescriptor field) =>
        field.IsMap
            ? $"map<{TypeOf(field.MessageType.FindFieldByNumber(1))}, {TypeOf(field.MessageType.FindFieldByNumber(2))}>"
            : field.FieldType switch
            {
                FieldType.Message or FieldType.Group => $"{(WireFields.IsGroup(field) ? "group " : "")}{field.MessageType.FullName}",
                FieldType.Enum => field.EnumType.FullName,
                _ => field.FieldType.ToString().ToLowerInvariant(),
            };
}
