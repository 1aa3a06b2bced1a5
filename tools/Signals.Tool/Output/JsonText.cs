using System.Buffers;
using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;

namespace Signals.Tool.Output;

/// <summary>Writes JSON as text.</summary>
internal static class JsonText
{
    /// <summary>Returns JSON in one line, or indented. Control characters are escaped, so that no text of a host controls a terminal.</summary>
    internal static string Of(bool isIndented, Action<Utf8JsonWriter> write)
    {
        var buffer = new ArrayBufferWriter<byte>();
        var options = new JsonWriterOptions
        {
            Indented = isIndented,
            NewLine = "\n",
            Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
            MaxDepth = 1024,
        };
        using (var writer = new Utf8JsonWriter(buffer, options))
        {
            write(writer);
        }

        return Encoding.UTF8.GetString(buffer.WrittenSpan);
    }

    /// <summary>Returns a JSON object in one line.</summary>
    internal static string ObjectOf(Action<Utf8JsonWriter> writeProperties) =>
        Of(
            isIndented: false,
            writer =>
            {
                writer.WriteStartObject();
                writeProperties(writer);
                writer.WriteEndObject();
            }
        );
}
