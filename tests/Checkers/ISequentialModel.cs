namespace Actors.Checkers;

/// <summary>The behavior of an object that one caller uses alone.</summary>
/// <typeparam name="TState">The state; compared by value.</typeparam>
/// <typeparam name="TInput">An operation and its arguments.</typeparam>
/// <typeparam name="TOutput">The result of an operation.</typeparam>
public interface ISequentialModel<TState, in TInput, TOutput>
    where TState : IEquatable<TState>
{
    /// <summary>The state before the first operation.</summary>
    TState InitialState { get; }

    /// <summary>Applies an operation.</summary>
    /// <returns>The next state and the only correct result.</returns>
    (TState Next, TOutput Output) ApplyOperation(TState state, TInput input);
}
