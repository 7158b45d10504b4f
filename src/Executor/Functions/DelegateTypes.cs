namespace Actors.Executor.Functions;

/// <summary>The framework's delegate types by their number of parameters.</summary>
/// <remarks>System.Linq.Expressions has the same, and costs the load of a large assembly.</remarks>
internal static class DelegateTypes
{
    private static readonly Type[] Funcs =
    [
        typeof(Func<>), typeof(Func<,>), typeof(Func<,,>), typeof(Func<,,,>), typeof(Func<,,,,>), typeof(Func<,,,,,>), typeof(Func<,,,,,,>),
        typeof(Func<,,,,,,,>), typeof(Func<,,,,,,,,>), typeof(Func<,,,,,,,,,>),
    ];

    private static readonly Type[] Actions =
    [
        typeof(Action<>), typeof(Action<,>), typeof(Action<,,>), typeof(Action<,,,>), typeof(Action<,,,,>), typeof(Action<,,,,,>),
        typeof(Action<,,,,,,>), typeof(Action<,,,,,,,>), typeof(Action<,,,,,,,,>),
    ];

    /// <summary>The Func of these parameters and, last, the result.</summary>
    internal static Type MakeFunc(Type[] types) => Funcs[types.Length - 1].MakeGenericType(types);

    /// <summary>The Action of these parameters.</summary>
    internal static Type MakeAction(Type[] parameters) =>
        parameters.Length == 0 ? typeof(Action) : Actions[parameters.Length - 1].MakeGenericType(parameters);
}
