namespace Actors.Messages.Functions;

/// <summary>Determines the result type of functions.</summary>
public static class ReturnTypes
{
    /// <summary>Gets the type of the result, or of the awaited result of a task; null for none.</summary>
    public static Type? FindResultType(Type returned) =>
        returned == typeof(void) || returned == typeof(Task) || returned == typeof(ValueTask) ? null
        : IsTaskWithResult(returned) ? returned.GetGenericArguments()[0]
        : returned;

    /// <summary>Whether a type is a task with a result.</summary>
    public static bool IsTaskWithResult(Type returned) =>
        returned.IsGenericType && returned.GetGenericTypeDefinition() is var definition
        && (definition == typeof(Task<>) || definition == typeof(ValueTask<>));
}
