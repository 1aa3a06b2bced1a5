using System.Diagnostics.CodeAnalysis;

namespace Signals.Remote;

/// <summary>Extension methods that import signals and properties. All methods are thread-safe.</summary>
/// <remarks>
/// Importing neither waits nor needs an exporter, and costs nothing until something is connected to the import. The types are those of
/// <see cref="SignalExporting"/>.
/// </remarks>
public static class SignalImporting
{
    /// <summary>Imports a signal with no arguments.</summary>
    /// <param name="importer">The importer.</param>
    /// <param name="name">The name under which it is exported, now or later.</param>
    /// <param name="options">The options, or null for the default ones.</param>
    /// <returns>The import, an object of its own for each call.</returns>
    /// <exception cref="ArgumentException"><paramref name="name"/> is not a valid name.</exception>
    /// <exception cref="ArgumentNullException">An argument is null.</exception>
    /// <exception cref="ObjectDisposedException">The importer or the evaluator of the options has been disposed.</exception>
    public static RemoteSignal Import(this ISignalImporter importer, string name, ImportOptions? options = null)
    {
        return Begun(new RemoteSignal(Check(importer), RemoteNames.Check(name, nameof(name)), EmptyCodec.Instance, Copy(options)));
    }

    /// <summary>Imports a signal with one argument.</summary>
    /// <typeparam name="T">The type of the argument.</typeparam>
    /// <param name="importer">The importer.</param>
    /// <param name="name">The name under which it is exported, now or later.</param>
    /// <param name="options">The options, or null for the default ones.</param>
    /// <returns>The import, an object of its own for each call.</returns>
    /// <exception cref="ArgumentException"><paramref name="name"/> is not a valid name.</exception>
    /// <exception cref="ArgumentNullException">An argument is null.</exception>
    /// <exception cref="NotSupportedException">A type is not one that is built in.</exception>
    /// <exception cref="ObjectDisposedException">The importer or the evaluator of the options has been disposed.</exception>
    public static RemoteSignal<T> Import<[DynamicallyAccessedMembers(DynamicallyAccessedMemberTypes.PublicParameterlessConstructor)] T>(
        this ISignalImporter importer,
        string name,
        ImportOptions? options = null
    )
    {
        return Begun(new RemoteSignal<T>(Check(importer), RemoteNames.Check(name, nameof(name)), BuiltInCodec.Of<T>(), Copy(options)));
    }

    /// <summary>Imports a signal with one argument by a codec.</summary>
    /// <typeparam name="T">The type of the argument.</typeparam>
    /// <param name="importer">The importer.</param>
    /// <param name="name">The name under which it is exported, now or later.</param>
    /// <param name="codec">The codec, of the same type name as that of the export.</param>
    /// <param name="options">The options, or null for the default ones.</param>
    /// <returns>The import, an object of its own for each call.</returns>
    /// <exception cref="ArgumentException"><paramref name="name"/> is not a valid name.</exception>
    /// <exception cref="ArgumentNullException">An argument is null.</exception>
    /// <exception cref="ObjectDisposedException">The importer or the evaluator of the options has been disposed.</exception>
    public static RemoteSignal<T> Import<T>(this ISignalImporter importer, string name, ISignalCodec<T> codec, ImportOptions? options = null)
    {
        ArgumentNullException.ThrowIfNull(codec);
        return Begun(new RemoteSignal<T>(Check(importer), RemoteNames.Check(name, nameof(name)), codec, Copy(options)));
    }

    /// <summary>Imports a signal with two arguments.</summary>
    /// <typeparam name="T1">The type of the first argument.</typeparam>
    /// <typeparam name="T2">The type of the second argument.</typeparam>
    /// <param name="importer">The importer.</param>
    /// <param name="name">The name under which it is exported, now or later.</param>
    /// <param name="options">The options, or null for the default ones.</param>
    /// <returns>The import, an object of its own for each call.</returns>
    /// <exception cref="ArgumentException"><paramref name="name"/> is not a valid name.</exception>
    /// <exception cref="ArgumentNullException">An argument is null.</exception>
    /// <exception cref="NotSupportedException">A type is not one that is built in.</exception>
    /// <exception cref="ObjectDisposedException">The importer or the evaluator of the options has been disposed.</exception>
    public static RemoteSignal<T1, T2> Import<
        [DynamicallyAccessedMembers(DynamicallyAccessedMemberTypes.PublicParameterlessConstructor)] T1,
        [DynamicallyAccessedMembers(DynamicallyAccessedMemberTypes.PublicParameterlessConstructor)] T2
    >(this ISignalImporter importer, string name, ImportOptions? options = null)
    {
        return Begun(
            new RemoteSignal<T1, T2>(
                Check(importer),
                RemoteNames.Check(name, nameof(name)),
                new TupleCodec<T1, T2>(BuiltInCodec.Of<T1>(), BuiltInCodec.Of<T2>()),
                Copy(options)
            )
        );
    }

    /// <summary>Imports a signal with three arguments.</summary>
    /// <typeparam name="T1">The type of the first argument.</typeparam>
    /// <typeparam name="T2">The type of the second argument.</typeparam>
    /// <typeparam name="T3">The type of the third argument.</typeparam>
    /// <param name="importer">The importer.</param>
    /// <param name="name">The name under which it is exported, now or later.</param>
    /// <param name="options">The options, or null for the default ones.</param>
    /// <returns>The import, an object of its own for each call.</returns>
    /// <exception cref="ArgumentException"><paramref name="name"/> is not a valid name.</exception>
    /// <exception cref="ArgumentNullException">An argument is null.</exception>
    /// <exception cref="NotSupportedException">A type is not one that is built in.</exception>
    /// <exception cref="ObjectDisposedException">The importer or the evaluator of the options has been disposed.</exception>
    public static RemoteSignal<T1, T2, T3> Import<
        [DynamicallyAccessedMembers(DynamicallyAccessedMemberTypes.PublicParameterlessConstructor)] T1,
        [DynamicallyAccessedMembers(DynamicallyAccessedMemberTypes.PublicParameterlessConstructor)] T2,
        [DynamicallyAccessedMembers(DynamicallyAccessedMemberTypes.PublicParameterlessConstructor)] T3
    >(this ISignalImporter importer, string name, ImportOptions? options = null)
    {
        return Begun(
            new RemoteSignal<T1, T2, T3>(
                Check(importer),
                RemoteNames.Check(name, nameof(name)),
                new TupleCodec<T1, T2, T3>(BuiltInCodec.Of<T1>(), BuiltInCodec.Of<T2>(), BuiltInCodec.Of<T3>()),
                Copy(options)
            )
        );
    }

    /// <summary>Imports a signal with four arguments.</summary>
    /// <typeparam name="T1">The type of the first argument.</typeparam>
    /// <typeparam name="T2">The type of the second argument.</typeparam>
    /// <typeparam name="T3">The type of the third argument.</typeparam>
    /// <typeparam name="T4">The type of the fourth argument.</typeparam>
    /// <param name="importer">The importer.</param>
    /// <param name="name">The name under which it is exported, now or later.</param>
    /// <param name="options">The options, or null for the default ones.</param>
    /// <returns>The import, an object of its own for each call.</returns>
    /// <exception cref="ArgumentException"><paramref name="name"/> is not a valid name.</exception>
    /// <exception cref="ArgumentNullException">An argument is null.</exception>
    /// <exception cref="NotSupportedException">A type is not one that is built in.</exception>
    /// <exception cref="ObjectDisposedException">The importer or the evaluator of the options has been disposed.</exception>
    public static RemoteSignal<T1, T2, T3, T4> Import<
        [DynamicallyAccessedMembers(DynamicallyAccessedMemberTypes.PublicParameterlessConstructor)] T1,
        [DynamicallyAccessedMembers(DynamicallyAccessedMemberTypes.PublicParameterlessConstructor)] T2,
        [DynamicallyAccessedMembers(DynamicallyAccessedMemberTypes.PublicParameterlessConstructor)] T3,
        [DynamicallyAccessedMembers(DynamicallyAccessedMemberTypes.PublicParameterlessConstructor)] T4
    >(this ISignalImporter importer, string name, ImportOptions? options = null)
    {
        return Begun(
            new RemoteSignal<T1, T2, T3, T4>(
                Check(importer),
                RemoteNames.Check(name, nameof(name)),
                new TupleCodec<T1, T2, T3, T4>(BuiltInCodec.Of<T1>(), BuiltInCodec.Of<T2>(), BuiltInCodec.Of<T3>(), BuiltInCodec.Of<T4>()),
                Copy(options)
            )
        );
    }

    /// <summary>Imports a property.</summary>
    /// <typeparam name="T">The type of the value.</typeparam>
    /// <param name="importer">The importer.</param>
    /// <param name="name">The name under which it is exported, now or later.</param>
    /// <param name="options">The options, or null for the default ones.</param>
    /// <returns>The import, an object of its own for each call.</returns>
    /// <exception cref="ArgumentException"><paramref name="name"/> is not a valid name.</exception>
    /// <exception cref="ArgumentNullException">An argument is null.</exception>
    /// <exception cref="NotSupportedException">A type is not one that is built in.</exception>
    /// <exception cref="ObjectDisposedException">The importer or the evaluator of the options has been disposed.</exception>
    public static RemoteProperty<T> ImportProperty<[DynamicallyAccessedMembers(DynamicallyAccessedMemberTypes.PublicParameterlessConstructor)] T>(
        this ISignalImporter importer,
        string name,
        ImportOptions? options = null
    )
    {
        return Begun(new RemoteProperty<T>(Check(importer), RemoteNames.Check(name, nameof(name)), BuiltInCodec.Of<T>(), Copy(options)));
    }

    /// <summary>Imports a property by a codec.</summary>
    /// <typeparam name="T">The type of the value.</typeparam>
    /// <param name="importer">The importer.</param>
    /// <param name="name">The name under which it is exported, now or later.</param>
    /// <param name="codec">The codec, of the same type name as that of the export.</param>
    /// <param name="options">The options, or null for the default ones.</param>
    /// <returns>The import, an object of its own for each call.</returns>
    /// <exception cref="ArgumentException"><paramref name="name"/> is not a valid name.</exception>
    /// <exception cref="ArgumentNullException">An argument is null.</exception>
    /// <exception cref="ObjectDisposedException">The importer or the evaluator of the options has been disposed.</exception>
    public static RemoteProperty<T> ImportProperty<T>(this ISignalImporter importer, string name, ISignalCodec<T> codec, ImportOptions? options = null)
    {
        ArgumentNullException.ThrowIfNull(codec);
        return Begun(new RemoteProperty<T>(Check(importer), RemoteNames.Check(name, nameof(name)), codec, Copy(options)));
    }

    /// <summary>Imports all signals and properties of a type whose names match a pattern, those that are exported later included, as one signal.</summary>
    /// <typeparam name="T">The type of the argument.</typeparam>
    /// <param name="importer">The importer, whose exchange has <see cref="RemoteCapabilities.Patterns"/>.</param>
    /// <param name="pattern">A name in which "*" stands for any segment, and "&gt;" at the end for one or more segments.</param>
    /// <param name="options">The options, or null for the default ones. The capacity is that of each name.</param>
    /// <returns>
    /// The import, an object of its own for each call. It is <see cref="RemoteState.Live"/> while at least one name is exported. Gaps are told for each name.
    /// </returns>
    /// <exception cref="ArgumentException"><paramref name="pattern"/> is not a valid pattern.</exception>
    /// <exception cref="ArgumentNullException">An argument is null.</exception>
    /// <exception cref="NotSupportedException">The type is not one that is built in, or the exchange has no patterns.</exception>
    /// <exception cref="ObjectDisposedException">The importer or the evaluator of the options has been disposed.</exception>
    public static RemoteSignal<NamedValue<T>> ImportMany<[DynamicallyAccessedMembers(DynamicallyAccessedMemberTypes.PublicParameterlessConstructor)] T>(
        this ISignalImporter importer,
        string pattern,
        ImportOptions? options = null
    ) => ImportMany(importer, pattern, BuiltInCodec.Of<T>(), options);

    /// <summary>
    /// Imports all signals and properties of a type whose names match a pattern, those that are exported later included, as one signal, by a codec.
    /// </summary>
    /// <typeparam name="T">The type of the argument.</typeparam>
    /// <param name="importer">The importer, whose exchange has <see cref="RemoteCapabilities.Patterns"/>.</param>
    /// <param name="pattern">A name in which "*" stands for any segment, and "&gt;" at the end for one or more segments.</param>
    /// <param name="codec">The codec, of the same type name as that of the exports.</param>
    /// <param name="options">The options, or null for the default ones. The capacity is that of each name.</param>
    /// <returns>
    /// The import, an object of its own for each call. It is <see cref="RemoteState.Live"/> while at least one name is exported. Gaps are told for each name.
    /// </returns>
    /// <exception cref="ArgumentException"><paramref name="pattern"/> is not a valid pattern.</exception>
    /// <exception cref="ArgumentNullException">An argument is null.</exception>
    /// <exception cref="NotSupportedException">The exchange has no patterns.</exception>
    /// <exception cref="ObjectDisposedException">The importer or the evaluator of the options has been disposed.</exception>
    public static RemoteSignal<NamedValue<T>> ImportMany<T>(
        this ISignalImporter importer,
        string pattern,
        ISignalCodec<T> codec,
        ImportOptions? options = null
    )
    {
        ArgumentNullException.ThrowIfNull(codec);
        RemoteImports imports = Check(importer);
        string valid = RemoteNames.CheckPattern(pattern, nameof(pattern));
        return imports.Capabilities.HasFlag(RemoteCapabilities.Patterns)
            ? Begun(new RemoteSignal<NamedValue<T>>(imports, valid, new NamedCodec<T>(codec), Copy(options)) { IsPattern = true })
            : throw new NotSupportedException("This exchange has no patterns: import each name.");
    }

    private static RemoteImports Check(ISignalImporter importer)
    {
        ArgumentNullException.ThrowIfNull(importer);
        return importer.Imports;
    }

    private static ImportOptions Copy(ImportOptions? options) => options?.Copy() ?? new ImportOptions();

    private static TImport Begun<TImport>(TImport import)
        where TImport : RemoteImport
    {
        import.Begin();
        return import;
    }
}
