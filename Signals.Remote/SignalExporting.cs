using System.Diagnostics.CodeAnalysis;

namespace Signals.Remote;

/// <summary>Extension methods that export signals and properties. All methods are thread-safe.</summary>
/// <remarks>
/// Without a codec, the types can be protobuf messages, enumerations, <see cref="bool"/>, <see cref="int"/>, <see cref="uint"/>, <see cref="long"/>,
/// <see cref="ulong"/>, <see cref="float"/>, <see cref="double"/>, <see cref="string"/>, arrays and <see cref="ReadOnlyMemory{T}"/> of
/// <see cref="byte"/>, <see cref="DateTimeOffset"/>, <see cref="TimeSpan"/> and <see cref="Guid"/>.
/// </remarks>
public static class SignalExporting
{
    /// <summary>Exports a signal with no arguments.</summary>
    /// <param name="exporter">The exporter.</param>
    /// <param name="name">The name: segments of letters, digits, "_" and "-" with dots between, at most 255 characters.</param>
    /// <param name="signal">The signal.</param>
    /// <param name="options">The options, or null for the default ones.</param>
    /// <returns>The export. Disposing it withdraws the name.</returns>
    /// <exception cref="ArgumentException"><paramref name="name"/> is not a valid name.</exception>
    /// <exception cref="ArgumentNullException">An argument is null.</exception>
    /// <exception cref="InvalidOperationException">The name is already exported, or the export would close a circle.</exception>
    /// <exception cref="NotSupportedException">The exchange cannot do what the options ask for.</exception>
    /// <exception cref="ObjectDisposedException">The exporter or the signal has been disposed.</exception>
    public static ExportedSignal Export(this ISignalExporter exporter, string name, ISignal signal, ExportOptions? options = null)
    {
        ArgumentNullException.ThrowIfNull(signal);
        return Add(exporter, name, new TupledSignal(signal), signal, EmptyCodec.Instance, options);
    }

    /// <summary>Exports a signal with one argument.</summary>
    /// <typeparam name="T">The type of the argument.</typeparam>
    /// <param name="exporter">The exporter.</param>
    /// <param name="name">The name: segments of letters, digits, "_" and "-" with dots between, at most 255 characters.</param>
    /// <param name="signal">The signal.</param>
    /// <param name="options">The options, or null for the default ones.</param>
    /// <returns>The export. Disposing it withdraws the name.</returns>
    /// <exception cref="ArgumentException"><paramref name="name"/> is not a valid name.</exception>
    /// <exception cref="ArgumentNullException">An argument is null.</exception>
    /// <exception cref="InvalidOperationException">The name is already exported, or the export would close a circle.</exception>
    /// <exception cref="NotSupportedException">A type is not one that is built in, or The exchange cannot do what the options ask for.</exception>
    /// <exception cref="ObjectDisposedException">The exporter or the signal has been disposed.</exception>
    public static ExportedSignal Export<[DynamicallyAccessedMembers(DynamicallyAccessedMemberTypes.PublicParameterlessConstructor)] T>(
        this ISignalExporter exporter,
        string name,
        ISignal<T> signal,
        ExportOptions? options = null
    ) => Add(exporter, name, signal, signal, BuiltInCodec.Of<T>(), options);

    /// <summary>Exports a signal with one argument by a codec.</summary>
    /// <typeparam name="T">The type of the argument.</typeparam>
    /// <param name="exporter">The exporter.</param>
    /// <param name="name">The name: segments of letters, digits, "_" and "-" with dots between, at most 255 characters.</param>
    /// <param name="signal">The signal.</param>
    /// <param name="codec">The codec.</param>
    /// <param name="options">The options, or null for the default ones.</param>
    /// <returns>The export. Disposing it withdraws the name.</returns>
    /// <exception cref="ArgumentException"><paramref name="name"/> is not a valid name.</exception>
    /// <exception cref="ArgumentNullException">An argument is null.</exception>
    /// <exception cref="InvalidOperationException">The name is already exported, or the export would close a circle.</exception>
    /// <exception cref="NotSupportedException">The exchange cannot do what the options ask for.</exception>
    /// <exception cref="ObjectDisposedException">The exporter or the signal has been disposed.</exception>
    public static ExportedSignal Export<T>(
        this ISignalExporter exporter,
        string name,
        ISignal<T> signal,
        ISignalCodec<T> codec,
        ExportOptions? options = null
    ) => Add(exporter, name, signal, signal, codec, options);

    /// <summary>Exports a signal with two arguments.</summary>
    /// <typeparam name="T1">The type of the first argument.</typeparam>
    /// <typeparam name="T2">The type of the second argument.</typeparam>
    /// <param name="exporter">The exporter.</param>
    /// <param name="name">The name: segments of letters, digits, "_" and "-" with dots between, at most 255 characters.</param>
    /// <param name="signal">The signal.</param>
    /// <param name="options">The options, or null for the default ones.</param>
    /// <returns>The export. Disposing it withdraws the name.</returns>
    /// <exception cref="ArgumentException"><paramref name="name"/> is not a valid name.</exception>
    /// <exception cref="ArgumentNullException">An argument is null.</exception>
    /// <exception cref="InvalidOperationException">The name is already exported, or the export would close a circle.</exception>
    /// <exception cref="NotSupportedException">A type is not one that is built in, or The exchange cannot do what the options ask for.</exception>
    /// <exception cref="ObjectDisposedException">The exporter or the signal has been disposed.</exception>
    public static ExportedSignal Export<
        [DynamicallyAccessedMembers(DynamicallyAccessedMemberTypes.PublicParameterlessConstructor)] T1,
        [DynamicallyAccessedMembers(DynamicallyAccessedMemberTypes.PublicParameterlessConstructor)] T2
    >(this ISignalExporter exporter, string name, ISignal<T1, T2> signal, ExportOptions? options = null)
    {
        ArgumentNullException.ThrowIfNull(signal);
        return Add(
            exporter,
            name,
            new TupledSignal<T1, T2>(signal),
            signal,
            new TupleCodec<T1, T2>(BuiltInCodec.Of<T1>(), BuiltInCodec.Of<T2>()),
            options
        );
    }

    /// <summary>Exports a signal with three arguments.</summary>
    /// <typeparam name="T1">The type of the first argument.</typeparam>
    /// <typeparam name="T2">The type of the second argument.</typeparam>
    /// <typeparam name="T3">The type of the third argument.</typeparam>
    /// <param name="exporter">The exporter.</param>
    /// <param name="name">The name: segments of letters, digits, "_" and "-" with dots between, at most 255 characters.</param>
    /// <param name="signal">The signal.</param>
    /// <param name="options">The options, or null for the default ones.</param>
    /// <returns>The export. Disposing it withdraws the name.</returns>
    /// <exception cref="ArgumentException"><paramref name="name"/> is not a valid name.</exception>
    /// <exception cref="ArgumentNullException">An argument is null.</exception>
    /// <exception cref="InvalidOperationException">The name is already exported, or the export would close a circle.</exception>
    /// <exception cref="NotSupportedException">A type is not one that is built in, or The exchange cannot do what the options ask for.</exception>
    /// <exception cref="ObjectDisposedException">The exporter or the signal has been disposed.</exception>
    public static ExportedSignal Export<
        [DynamicallyAccessedMembers(DynamicallyAccessedMemberTypes.PublicParameterlessConstructor)] T1,
        [DynamicallyAccessedMembers(DynamicallyAccessedMemberTypes.PublicParameterlessConstructor)] T2,
        [DynamicallyAccessedMembers(DynamicallyAccessedMemberTypes.PublicParameterlessConstructor)] T3
    >(this ISignalExporter exporter, string name, ISignal<T1, T2, T3> signal, ExportOptions? options = null)
    {
        ArgumentNullException.ThrowIfNull(signal);
        return Add(
            exporter,
            name,
            new TupledSignal<T1, T2, T3>(signal),
            signal,
            new TupleCodec<T1, T2, T3>(BuiltInCodec.Of<T1>(), BuiltInCodec.Of<T2>(), BuiltInCodec.Of<T3>()),
            options
        );
    }

    /// <summary>Exports a signal with four arguments.</summary>
    /// <typeparam name="T1">The type of the first argument.</typeparam>
    /// <typeparam name="T2">The type of the second argument.</typeparam>
    /// <typeparam name="T3">The type of the third argument.</typeparam>
    /// <typeparam name="T4">The type of the fourth argument.</typeparam>
    /// <param name="exporter">The exporter.</param>
    /// <param name="name">The name: segments of letters, digits, "_" and "-" with dots between, at most 255 characters.</param>
    /// <param name="signal">The signal.</param>
    /// <param name="options">The options, or null for the default ones.</param>
    /// <returns>The export. Disposing it withdraws the name.</returns>
    /// <exception cref="ArgumentException"><paramref name="name"/> is not a valid name.</exception>
    /// <exception cref="ArgumentNullException">An argument is null.</exception>
    /// <exception cref="InvalidOperationException">The name is already exported, or the export would close a circle.</exception>
    /// <exception cref="NotSupportedException">A type is not one that is built in, or The exchange cannot do what the options ask for.</exception>
    /// <exception cref="ObjectDisposedException">The exporter or the signal has been disposed.</exception>
    public static ExportedSignal Export<
        [DynamicallyAccessedMembers(DynamicallyAccessedMemberTypes.PublicParameterlessConstructor)] T1,
        [DynamicallyAccessedMembers(DynamicallyAccessedMemberTypes.PublicParameterlessConstructor)] T2,
        [DynamicallyAccessedMembers(DynamicallyAccessedMemberTypes.PublicParameterlessConstructor)] T3,
        [DynamicallyAccessedMembers(DynamicallyAccessedMemberTypes.PublicParameterlessConstructor)] T4
    >(this ISignalExporter exporter, string name, ISignal<T1, T2, T3, T4> signal, ExportOptions? options = null)
    {
        ArgumentNullException.ThrowIfNull(signal);
        return Add(
            exporter,
            name,
            new TupledSignal<T1, T2, T3, T4>(signal),
            signal,
            new TupleCodec<T1, T2, T3, T4>(BuiltInCodec.Of<T1>(), BuiltInCodec.Of<T2>(), BuiltInCodec.Of<T3>(), BuiltInCodec.Of<T4>()),
            options
        );
    }

    /// <summary>Exports a property.</summary>
    /// <typeparam name="T">The type of the value.</typeparam>
    /// <param name="exporter">The exporter.</param>
    /// <param name="name">The name: segments of letters, digits, "_" and "-" with dots between, at most 255 characters.</param>
    /// <param name="property">The property.</param>
    /// <param name="options">The options, or null for the default ones.</param>
    /// <returns>The export. Disposing it withdraws the name.</returns>
    /// <exception cref="ArgumentException"><paramref name="name"/> is not a valid name.</exception>
    /// <exception cref="ArgumentNullException">An argument is null.</exception>
    /// <exception cref="InvalidOperationException">The name is already exported, or the export would close a circle.</exception>
    /// <exception cref="NotSupportedException">A type is not one that is built in, or The exchange cannot do what the options ask for.</exception>
    /// <exception cref="ObjectDisposedException">The exporter or the signal has been disposed.</exception>
    public static ExportedProperty<T> Export<[DynamicallyAccessedMembers(DynamicallyAccessedMemberTypes.PublicParameterlessConstructor)] T>(
        this ISignalExporter exporter,
        string name,
        IReadOnlyProperty<T> property,
        ExportOptions? options = null
    ) => AddProperty(exporter, name, property, BuiltInCodec.Of<T>(), options);

    /// <summary>Exports a property by a codec.</summary>
    /// <typeparam name="T">The type of the value.</typeparam>
    /// <param name="exporter">The exporter.</param>
    /// <param name="name">The name: segments of letters, digits, "_" and "-" with dots between, at most 255 characters.</param>
    /// <param name="property">The property.</param>
    /// <param name="codec">The codec.</param>
    /// <param name="options">The options, or null for the default ones.</param>
    /// <returns>The export. Disposing it withdraws the name.</returns>
    /// <exception cref="ArgumentException"><paramref name="name"/> is not a valid name.</exception>
    /// <exception cref="ArgumentNullException">An argument is null.</exception>
    /// <exception cref="InvalidOperationException">The name is already exported, or the export would close a circle.</exception>
    /// <exception cref="NotSupportedException">The exchange cannot do what the options ask for.</exception>
    /// <exception cref="ObjectDisposedException">The exporter or the signal has been disposed.</exception>
    public static ExportedProperty<T> Export<T>(
        this ISignalExporter exporter,
        string name,
        IReadOnlyProperty<T> property,
        ISignalCodec<T> codec,
        ExportOptions? options = null
    ) => AddProperty(exporter, name, property, codec, options);

    private static ExportedSignal Add<T>(
        ISignalExporter exporter,
        string name,
        ISignal<T> signal,
        object original,
        ISignalCodec<T> codec,
        ExportOptions? options
    )
    {
        ArgumentNullException.ThrowIfNull(signal);
        if (signal is IReadOnlyProperty<T>)
        {
            throw new ArgumentException("The signal is a property: pass it as an IReadOnlyProperty.", nameof(signal));
        }

        var handle = new ExportedSignal(RemoteNames.Check(name, nameof(name)));
        Add(exporter, handle, signal, original, codec, options);
        return handle;
    }

    private static ExportedProperty<T> AddProperty<T>(
        ISignalExporter exporter,
        string name,
        IReadOnlyProperty<T> property,
        ISignalCodec<T> codec,
        ExportOptions? options
    )
    {
        ArgumentNullException.ThrowIfNull(property);
        ArgumentNullException.ThrowIfNull(codec);
        var handle = new ExportedProperty<T>(RemoteNames.Check(name, nameof(name)), property, codec);
        Add(exporter, handle, property, property, codec, options);
        return handle;
    }

    private static void Add<T>(
        ISignalExporter exporter,
        RemoteExport handle,
        ISignal<T> signal,
        object original,
        ISignalCodec<T> codec,
        ExportOptions? options
    )
    {
        ArgumentNullException.ThrowIfNull(exporter);
        ArgumentNullException.ThrowIfNull(codec);
        RemoteExports exports = exporter.Exports;
        ExportOptions copy = options?.Copy() ?? new ExportOptions();
        Require(exports, copy.Replay == RemoteReplay.None, RemoteCapabilities.Replay, nameof(ExportOptions.Replay));
        Require(exports, copy.Authorize is null, RemoteCapabilities.Authorize, nameof(ExportOptions.Authorize));
        var state = new ExportState<T>(exports, handle.Name, signal, original as SignalBase, codec, copy, original as RemoteImport) { Handle = handle };
        handle.State = state;
        exports.Add(state);
    }

    private static void Require(RemoteExports exports, bool isDefault, RemoteCapabilities capability, string option)
    {
        if (!isDefault && !exports.Capabilities.HasFlag(capability))
        {
            throw new NotSupportedException($"This exchange cannot do what {nameof(ExportOptions)}.{option} asks for.");
        }
    }
}
