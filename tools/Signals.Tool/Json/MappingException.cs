namespace Signals.Tool.Json;

/// <summary>The exception for JSON or bytes that do not fit a message type. The message says where, and what is wrong.</summary>
internal sealed class MappingException(string message, Exception? inner = null) : Exception(message, inner);
