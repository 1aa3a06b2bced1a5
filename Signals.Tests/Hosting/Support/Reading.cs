using System.Text.Json.Serialization;

namespace Signals.Tests.Hosting.Support;

/// <summary>A value for which there is no codec by default.</summary>
internal sealed record Reading(string Sensor, double Value);

[JsonSerializable(typeof(Reading))]
internal sealed partial class ReadingContext : JsonSerializerContext;
