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

    internal static Func<T1, T2, T3, T4, T5, Nothing> ReturnNothing<T1, T2, T3, T4, T5>(Action<T1, T2, T3, T4, T5> action) =>
        (a1, a2, a3, a4, a5) =>
    {
        action(a1, a2, a3, a4, a5);
        return default;
    };

    internal static Func<T1, T2, T3, T4, T5, T6, Nothing> ReturnNothing<T1, T2, T3, T4, T5, T6>(Action<T1, T2, T3, T4, T5, T6> action) =>
        (a1, a2, a3, a4, a5, a6) =>
        {
            action(a1, a2, a3, a4, a5, a6);
            return default;
        };

    internal static Func<T1, T2, T3, T4, T5, T6, T7, Nothing> ReturnNothing<T1, T2, T3, T4, T5, T6, T7>(
        Action<T1, T2, T3, T4, T5, T6, T7> action) =>
        (a1, a2, a3, a4, a5, a6, a7) =>
        {
            action(a1, a2, a3, a4, a5, a6, a7);
            return default;
        };

    internal static Func<T1, T2, T3, T4, T5, T6, T7, T8, Nothing> ReturnNothing<T1, T2, T3, T4, T5, T6, T7, T8>(
        Action<T1, T2, T3, T4, T5, T6, T7, T8> action) =>
        (a1, a2, a3, a4, a5, a6, a7, a8) =>
        {
            action(a1, a2, a3, a4, a5, a6, a7, a8);
            return default;
        };

    internal static Func<T1, T2, T3, T4, T5, T6, T7, T8, T9, Nothing> ReturnNothing<T1, T2, T3, T4, T5, T6, T7, T8, T9>(
        Action<T1, T2, T3, T4, T5, T6, T7, T8, T9> action) =>
        (a1, a2, a3, a4, a5, a6, a7, a8, a9) =>
        {
            action(a1, a2, a3, a4, a5, a6, a7, a8, a9);
            return default;
        };

    internal static Func<(T1, T2), TReturned> SpreadTuple<T1, T2, TReturned>(Func<T1, T2, TReturned> function) =>
        tuple => function(tuple.Item1, tuple.Item2);

    internal static Func<(T1, T2, T3), TReturned> SpreadTuple<T1, T2, T3, TReturned>(Func<T1, T2, T3, TReturned> function) =>
        tuple => function(tuple.Item1, tuple.Item2, tuple.Item3);

    internal static Func<(T1, T2, T3, T4), TReturned> SpreadTuple<T1, T2, T3, T4, TReturned>(Func<T1, T2, T3, T4, TReturned> function) =>
        tuple => function(tuple.Item1, tuple.Item2, tuple.Item3, tuple.Item4);

    internal static Func<(T1, T2, T3, T4, T5), TReturned> SpreadTuple<T1, T2, T3, T4, T5, TReturned>(
        Func<T1, T2, T3, T4, T5, TReturned> function) =>
        tuple => function(tuple.Item1, tuple.Item2, tuple.Item3, tuple.Item4, tuple.Item5);

    internal static Func<(T1, T2, T3, T4, T5, T6), TReturned> SpreadTuple<T1, T2, T3, T4, T5, T6, TReturned>(
        Func<T1, T2, T3, T4, T5, T6, TReturned> function) =>
        tuple => function(tuple.Item1, tuple.Item2, tuple.Item3, tuple.Item4, tuple.Item5, tuple.Item6);

    internal static Func<(T1, T2, T3, T4, T5, T6, T7), TReturned> SpreadTuple<T1, T2, T3, T4, T5, T6, T7, TReturned>(
        Func<T1, T2, T3, T4, T5, T6, T7, TReturned> function) =>
        tuple => function(tuple.Item1, tuple.Item2, tuple.Item3, tuple.Item4, tuple.Item5, tuple.Item6, tuple.Item7);
}
