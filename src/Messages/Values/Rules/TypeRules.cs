namespace Actors.Messages.Values;

/// <summary>The rules by which types cannot be used in another process, with the advice for each.</summary>
public static class TypeRules
{
    /// <summary>The deepest nesting of values.</summary>
    public const int MaxDepth = 200;

    /// <summary>The advice for a type with fixed storage.</summary>
    public const string FixedStorage = "pass an array";

    /// <summary>The advice for a type whose parts nest deeper and deeper.</summary>
    public const string GrowsWithoutEnd = "its type grows without end";

    /// <summary>Gets the advice for a refused type; null for an accepted type, whose parts may still be refused.</summary>
    public static string? FindAdvice(ITypeView type) => type.Form switch
    {
        TypeForm.Address => "an address means nothing there; pass the data",
        TypeForm.StackOnly => "it lives on the stack; pass an array",
        TypeForm.OpenGeneric => "it is an open generic type",
        TypeForm.Array or TypeForm.Enum or TypeForm.Union => null,
        _ when IsKnown(type) => null,
        _ => AdviseOnName(type) ?? AdviseOnKind(type) ?? AdviseOnOrigin(type) ?? AdviseOnCallback(type),
    };

    /// <summary>Formats a refusal.</summary>
    /// <param name="path">The path to the refused member; null when the type itself is refused.</param>
    /// <param name="type">The full name of the refused type.</param>
    /// <param name="advice">The alternative.</param>
    public static string FormatRefusal(string? path, string type, string advice) =>
        $"{(path is null ? "" : path + ": ")}{type} cannot be carried to another process; {advice}.";

    /// <summary>Whether a framework type is in the table of those that travel.</summary>
    public static bool IsKnown(ITypeView type) => IsFramework(type) && CarriedTypes.Contains(type.DefinitionName);

    /// <summary>
    /// Gets the advice of <see cref="TypeAdvice"/>. Types of this library with <c>ICarried</c> write themselves; others are examined like
    /// user types.
    /// </summary>
    private static string? AdviseOnName(ITypeView type) =>
        AssemblyNames.IsLibrary(type.AssemblyName) ? null : TypeAdvice.FindAdvice(type);

    private static string? AdviseOnKind(ITypeView type) =>
        type.DefinitionName == "System.Object" ? "declare the type that it really is"
        : DerivesFrom(type, "System.Delegate") ? "call the function in the job, or pass the data that it needs"
        : DerivesFrom(type, "System.Reflection.MemberInfo") ? "pass its name"
        : DerivesFrom(type, "System.IO.Stream", "System.IO.TextReader", "System.IO.TextWriter") ? "pass its path, or the data"
        : DerivesFrom(type, "System.Threading.Tasks.Task", "System.Threading.Tasks.ValueTask", "System.Threading.Tasks.ValueTask`1")
            ? "await it and pass its result; a function may return a Task"
        : DerivesFrom(type, "System.Exception") ? "throw it, or pass its message"
        : type.Form == TypeForm.Abstract ? "declare the class that it really is"
        : null;

    private static string? AdviseOnOrigin(ITypeView type)
    {
        if (IsFramework(type))
        {
            return "pass the data that it is made from";
        }

        var foreign = type.BaseType;
        while (foreign is not null && !IsFramework(foreign))
        {
            foreign = foreign.BaseType;
        }

        return foreign is null || foreign.DefinitionName is "System.Object" or "System.ValueType"
            ? null
            : $"it derives from {foreign.FullName}, whose state is its own; "
                + (IsKnown(foreign) ? $"declare a {foreign.FullName}, or hold one as a field" : "hold one as a field, or pass the data");
    }

    private static string? AdviseOnCallback(ITypeView type) => type.Callback is { } callback
        ? $"its method {callback.Method} is marked [{callback.Attribute}] and would not run; "
            + "compute the prepared values when they are needed, or pass a type without it"
        : null;

    private static bool DerivesFrom(ITypeView type, params string[] classes)
    {
        for (var level = type; level is not null; level = level.BaseType)
        {
            if (classes.Contains(level.DefinitionName))
            {
                return true;
            }
        }

        return false;
    }

    private static bool IsFramework(ITypeView type) => AssemblyNames.IsFramework(type.AssemblyName);
}
