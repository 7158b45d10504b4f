using Actors.Messages.Values;

namespace Actors.Executor.Functions;

/// <summary>
/// Adapts functions to the form that invokers call. Reflection finds the methods by their name and number of type arguments.
/// </summary>
internal static class Adapters
{
    internal static Func<Nothing> ReturnNothing(Action action) => () =>
    {
        action();
        return default;
    };

    internal static Func<T1, Nothing> ReturnNothing<T1>(Action<T1> action) => (a1) =>
    {
        action(a1);
        return default;
    };

    internal static Func<T1, T2, Nothing> ReturnNothing<T1, T2>(Action<T1, T2> action) => (a1, a2) =>
    {
        action(a1, a2);
        return default;
    };

    internal static Func<T1, T2, T3, Nothing> ReturnNothing<T1, T2, T3>(Action<T1, T2, T3> action) => (a1, a2, a3) =>
    {
        action(a1, a2, a3);
        return default;
    };

    internal static Func<T1, T2, T3, T4, Nothing> ReturnNothing<T1, T2, T3, T4>(Action<T1, T2, T3, T4> action) => (a1, a2, a3, a4) =>
    {
        action(a1, a2, a3, a4);
        return default;
    };

    internal static Func<T, TReturned> PassService<TService, T, TReturned>(Func<TService, T, TReturned> function) =>
        item => function((TService)JobContext.Current!.GetService(typeof(TService)), item);

    internal static Func<(T1, T2), TReturned> SpreadTuple<T1, T2, TReturned>(Func<T1, T2, TReturned> function) =>
        tuple => function(tuple.Item1, tuple.Item2);

    internal static Func<(T1, T2, T3), TReturned> SpreadTuple<T1, T2, T3, TReturned>(Func<T1, T2, T3, TReturned> function) =>
        tuple => function(tuple.Item1, tuple.Item2, tuple.Item3);
}
