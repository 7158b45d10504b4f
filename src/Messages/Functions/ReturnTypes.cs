namespace Actors.Messages.Functions;

/// <summary>What a function returns, and what its caller gets.</summary>
internal static class ReturnTypes
{
    /// <summary>The type of the result: of what is awaited, where it is a task; null where there is none.</summary>
    internal static Type? FindResultType(Type returned) =>
        returned == typeof(void) || returned == typeof(Task) || returned == typeof(ValueTask) ? null
        : IsTaskWithResult(returned) ? returned.GetGenericArguments()[0]
        : returned;

    /// <summary>Whether it is a task with a result.</summary>
    internal static bool IsTaskWithResult(Type returned) =>
        returned.IsGenericType && returned.GetGenericTypeDefinition() is var definition
        && (definition == typeof(Task<>) || definition == typeof(ValueTask<>));
}
