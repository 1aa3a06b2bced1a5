namespace Signals;

/// <summary>Options of a connection. They are read when the connection is made; later changes do not affect it.</summary>
public sealed class ConnectOptions
{
    /// <summary>
    /// Gets or sets the group of the slot. Slots run by group, the lowest first, and within a group in the order in which they were connected.
    /// Connections that are made without options are in group 0, which is the default.
    /// </summary>
    public int Group { get; set; }
}
