namespace Signals.Remote;

/// <summary>A copy of a value of a property.</summary>
internal sealed class KeptValue
{
    private byte[] _bytes = [];
    private int _length;
    private Payload? _direct;
    private bool _isNull;
    private bool _hasValue;

    /// <summary>Keeps a value.</summary>
    internal void Set(in InValue value)
    {
        _hasValue = true;
        _isNull = value.IsNull;
        _direct = value.Direct;
        _length = value.Bytes.Length;
        if (_bytes.Length < _length)
        {
            _bytes = new byte[Math.Max(_length, 16)];
        }

        value.Bytes.CopyTo(_bytes);
    }

    /// <summary>Returns the value. Returns false if there is none.</summary>
    internal bool TryGet(out InValue value)
    {
        value = new InValue(_bytes.AsSpan(0, _length), _direct, _isNull);
        return _hasValue;
    }

    /// <summary>Determines whether a value is the kept one.</summary>
    internal bool Is(in InValue value) =>
        _hasValue
        && value.IsNull == _isNull
        && (value.Direct is null ? value.Bytes.SequenceEqual(_bytes.AsSpan(0, _length)) : value.Direct.IsSame(_direct));
}
