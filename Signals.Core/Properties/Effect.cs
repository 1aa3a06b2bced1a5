using System.Runtime.CompilerServices;

namespace Signals;

/// <summary>
/// A delegate that runs once when the effect is created, and again after each change of what it has read. An effect may set properties,
/// which is the next change.
/// </summary>
/// <remarks>
/// <para>The properties that an effect has read keep it alive. Dispose it to end it.</para>
/// <para>All members are thread-safe. An effect never runs on two threads at the same time.</para>
/// </remarks>
public sealed class Effect : IDisposable
{
    private readonly EffectNode _node;

    private Effect(EffectNode node) => _node = node;

    /// <summary>Runs a delegate now, and again after each change of the properties that its last run has read.</summary>
    /// <param name="run">The delegate.</param>
    /// <param name="expression">The text of the delegate, for messages. The compiler provides it.</param>
    /// <returns>The effect.</returns>
    /// <exception cref="ArgumentNullException"><paramref name="run"/> is null.</exception>
    /// <exception cref="Exception">The first run threw, and no effect was created. Exceptions of later runs go to the setter that causes them.</exception>
    public static Effect Run(Action run, [CallerArgumentExpression(nameof(run))] string? expression = null)
    {
        ArgumentNullException.ThrowIfNull(run);
        var node = new EffectNode(new ActionBody(run), null, expression);
        node.RunFirst();
        return new Effect(node);
    }

    /// <summary>
    /// Runs a delegate when an evaluator evaluates, and again in a later round after each change of the properties that its last run has read, at
    /// most once in a round. Disposing the evaluator disposes the effect.
    /// </summary>
    /// <param name="evaluator">The evaluator. Exceptions of the delegate are those of its slots.</param>
    /// <param name="run">The delegate.</param>
    /// <param name="expression">The text of the delegate, for messages. The compiler provides it.</param>
    /// <returns>The effect.</returns>
    /// <exception cref="ArgumentNullException"><paramref name="evaluator"/> or <paramref name="run"/> is null.</exception>
    /// <exception cref="ObjectDisposedException">The evaluator has been disposed.</exception>
    public static Effect Run(ConnectionEvaluator evaluator, Action run, [CallerArgumentExpression(nameof(run))] string? expression = null)
    {
        ArgumentNullException.ThrowIfNull(evaluator);
        ArgumentNullException.ThrowIfNull(run);
        var node = new EffectNode(new ActionBody(run), evaluator, expression);
        node.FollowEvaluator();
        node.Post();
        return new Effect(node);
    }

    /// <summary>
    /// Ends the effect, which lets go of the properties that it has read. An active run completes. Further calls do nothing.
    /// </summary>
    public void Dispose() => _node.Dispose();
}
