namespace Actors.Executor.Functions;

/// <summary>Creates delegate types of the framework by their number of parameters.</summary>
/// <remarks>System.Linq.Expressions can do the same, but is a large assembly to load.</remarks>
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

    /// <summary>Creates the Func type of these parameters and, as the last, the result.</summary>
    internal static Type MakeFunc(Type[] types) => Funcs[types.Length - 1].MakeGenericType(types);

    /// <summary>Creates the Action type of these parameters.</summary>
    internal static Type MakeAction(Type[] parameters) =>
        parameters.Length == 0 ? typeof(Action) : Actions[parameters.Length - 1].MakeGenericType(parameters);
}
