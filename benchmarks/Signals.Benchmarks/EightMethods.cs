namespace Signals.Benchmarks;

/// <summary>
/// Slots for arguments of any type: eight methods in turn, each on a separate object. See <see cref="PolymorphicSlots{T}"/> for the reason.
/// </summary>
internal sealed class EightMethods
{
    /// <summary>A length that no measured text has.</summary>
    private readonly int _never = -7;

    internal static Action<string>[] OfText(int count) =>
        Make<Action<string>>(count, slots => [slots.Text0, slots.Text1, slots.Text2, slots.Text3, slots.Text4, slots.Text5, slots.Text6, slots.Text7]);

    internal static Action<Block>[] OfBlocks(int count) =>
        Make<Action<Block>>(
            count,
            slots => [slots.Block0, slots.Block1, slots.Block2, slots.Block3, slots.Block4, slots.Block5, slots.Block6, slots.Block7]
        );

    internal static Action<string, int>[] OfPairs(int count) =>
        Make<Action<string, int>>(
            count,
            slots => [slots.Pair0, slots.Pair1, slots.Pair2, slots.Pair3, slots.Pair4, slots.Pair5, slots.Pair6, slots.Pair7]
        );

    internal static Action<(string Text, int Number)>[] OfTuples(int count) =>
        Make<Action<(string, int)>>(
            count,
            slots => [slots.Tuple0, slots.Tuple1, slots.Tuple2, slots.Tuple3, slots.Tuple4, slots.Tuple5, slots.Tuple6, slots.Tuple7]
        );

    internal static Func<int, int>[] OfQuestions(int count) =>
        Make<Func<int, int>>(count, slots => [slots.Ask0, slots.Ask1, slots.Ask2, slots.Ask3, slots.Ask4, slots.Ask5, slots.Ask6, slots.Ask7]);

    private static TSlot[] Make<TSlot>(int count, Func<EightMethods, TSlot[]> methods) =>
        [.. Enumerable.Range(0, count).Select(number => methods(new EightMethods())[number % PolymorphicSlots<int>.MethodCount])];

    private void Text0(string value) => Compare(value.Length);

    private void Text1(string value) => Compare(value.Length + 1);

    private void Text2(string value) => Compare(value.Length + 2);

    private void Text3(string value) => Compare(value.Length + 3);

    private void Text4(string value) => Compare(value.Length * 2);

    private void Text5(string value) => Compare(value.Length * 4);

    private void Text6(string value) => Compare(value.Length ^ 1);

    private void Text7(string value) => Compare(value.Length ^ 2);

    private void Block0(Block value) => Compare((int)value.First);

    private void Block1(Block value) => Compare((int)value.Second + 1);

    private void Block2(Block value) => Compare((int)value.Third + 2);

    private void Block3(Block value) => Compare((int)value.Fourth + 3);

    private void Block4(Block value) => Compare((int)value.First * 2);

    private void Block5(Block value) => Compare((int)value.Second * 4);

    private void Block6(Block value) => Compare((int)value.Third ^ 1);

    private void Block7(Block value) => Compare((int)value.Fourth ^ 2);

    private void Pair0(string text, int number) => Compare(text.Length + number);

    private void Pair1(string text, int number) => Compare(text.Length + number + 1);

    private void Pair2(string text, int number) => Compare(text.Length + number + 2);

    private void Pair3(string text, int number) => Compare(text.Length + number + 3);

    private void Pair4(string text, int number) => Compare(text.Length * number);

    private void Pair5(string text, int number) => Compare((text.Length + number) * 2);

    private void Pair6(string text, int number) => Compare((text.Length + number) ^ 1);

    private void Pair7(string text, int number) => Compare((text.Length + number) ^ 2);

    private void Tuple0((string Text, int Number) value) => Pair0(value.Text, value.Number);

    private void Tuple1((string Text, int Number) value) => Pair1(value.Text, value.Number);

    private void Tuple2((string Text, int Number) value) => Pair2(value.Text, value.Number);

    private void Tuple3((string Text, int Number) value) => Pair3(value.Text, value.Number);

    private void Tuple4((string Text, int Number) value) => Pair4(value.Text, value.Number);

    private void Tuple5((string Text, int Number) value) => Pair5(value.Text, value.Number);

    private void Tuple6((string Text, int Number) value) => Pair6(value.Text, value.Number);

    private void Tuple7((string Text, int Number) value) => Pair7(value.Text, value.Number);

    private int Ask0(int value) => value + _never;

    private int Ask1(int value) => value + _never + 1;

    private int Ask2(int value) => value + _never + 2;

    private int Ask3(int value) => value + _never + 3;

    private int Ask4(int value) => value - _never;

    private int Ask5(int value) => value * _never;

    private int Ask6(int value) => value ^ _never;

    private int Ask7(int value) => value & _never;

    private void Compare(int value)
    {
        if (value == _never)
        {
            throw new InvalidOperationException("No measurement emits this value.");
        }
    }

    /// <summary>An argument of 32 bytes.</summary>
    internal readonly record struct Block(long First, long Second, long Third, long Fourth);
}
