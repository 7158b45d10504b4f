using System.Runtime.CompilerServices;
using Actors.Messages.Functions;

namespace Actors;

/// <summary>
/// The function that creates the state of every worker of a pool, such as a loaded model or an open connection. See
/// <see cref="PoolOptions.State"/>. Immutable.
/// </summary>
/// <example>
/// <code>
/// var options = new PoolOptions { State = StateFactory.Of(Model.LoadAsync) };
/// ...
/// static double Predict(double[] input) => JobContext.Current!.GetState&lt;Model>().Predict(input);
/// </code>
/// </example>
public sealed class StateFactory
{
    private StateFactory(PreparedCall call) => Call = call;

    internal PreparedCall Call { get; }

    /// <summary>Creates the state with a function, as the initializer of a Python pool that sets a global variable.</summary>
    /// <typeparam name="T">
    /// The type of the state. It stays in the worker, so it can be of any class. It is disposed at the orderly end of the worker if it is
    /// an <see cref="IAsyncDisposable"/> or an <see cref="IDisposable"/>.
    /// </typeparam>
    /// <param name="factory">A lambda or method of the program's own assemblies; captured values are passed by value.</param>
    /// <exception cref="NotCarriedException">
    /// The function cannot be called in another process, or a captured value cannot be serialized.
    /// </exception>
    /// <exception cref="ArgumentException">The function returns a task without a result.</exception>
    public static StateFactory Of<T>(Func<T> factory)
        where T : notnull
    {
        if (typeof(T) == typeof(Task) || typeof(T) == typeof(ValueTask))
        {
            throw new ArgumentException(
                $"The factory of {nameof(PoolOptions)}.{nameof(PoolOptions.State)} returns a task without a result. Return the state, or "
                + $"use {nameof(PoolOptions)}.{nameof(PoolOptions.Initializer)}.", nameof(factory));
        }

        return new StateFactory(CallEncoder.PrepareState(factory));
    }

    /// <inheritdoc cref="Of{T}(Func{T})"/>
    [OverloadResolutionPriority(1)]
    public static StateFactory Of<T>(Func<Task<T>> factory)
        where T : notnull => new(CallEncoder.PrepareState(factory));

    /// <inheritdoc cref="Of{T}(Func{T})"/>
    public static StateFactory Of<T>(Func<ValueTask<T>> factory)
        where T : notnull => new(CallEncoder.PrepareState(factory));
}
