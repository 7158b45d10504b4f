namespace Actors.Messages.Values;

/// <summary>The reasons for which a function cannot be called in another process, and the remedies.</summary>
public static class FunctionRules
{
    public const string ByReference = "it has a ref, in or out parameter; pass a value and return the new one.";
    public const string OfStruct = "it is an instance method of a struct; call it in a lambda.";
    public const string GenericVirtual = "it is a generic virtual method; call it in a lambda.";
    public const string AsyncVoid = "it is async void, so its end cannot be awaited; return a Task.";

    /// <summary>Gets the reason against a method of the framework or of this library.</summary>
    public static string ForeignCode(string assembly) =>
        $"it is in {assembly}, and a job may name only your own code; call it in a lambda.";

    /// <summary>Formats the refusal of a function.</summary>
    public static string FormatRefusal(string name, string reason) => $"{name} cannot be called in another process: {reason}";
}
