using System.Reflection;

namespace Actors.Messages.Values;

/// <summary>Finds types that cannot be used in another process, and the advice for each.</summary>
internal static class RefusedTypes
{
    /// <summary>Gets the advice for a refused type; null for an accepted type.</summary>
    internal static string? FindAdvice(Type type)
    {
        if (type.IsPointer || type.IsByRef || type.IsFunctionPointer || type == typeof(nint) || type == typeof(nuint))
        {
            return "an address means nothing there; pass the data";
        }

        if (type.IsByRefLike)
        {
            return "it lives on the stack; pass an array";
        }

        if (type.ContainsGenericParameters)
        {
            return "it is an open generic type";
        }

        if (type.IsArray || IsKnown(type))
        {
            return null;
        }

        return TypeAdvice.FindAdvice(type) is { } advice && !IsOwn(type)
            ? advice
            : AdviseOnKind(type) ?? AdviseOnOrigin(type) ?? MemoryPackAttributes.FindAdvice(type);
    }

    private static bool IsKnown(Type type) =>
        type.IsEnum || FormatterTable.Raw.Contains(type) || FormatterTable.Single.ContainsKey(type)
        || FormatterTable.IsTuple(type) || !MemoryPackAttributes.GetCases(type).IsEmpty
        || (type.IsGenericType && FormatterTable.Generic.ContainsKey(type.GetGenericTypeDefinition()));

    /// <summary>
    /// Whether a type is declared in this library. Its types with <see cref="ICarried{TSelf}"/> write themselves; others are examined like
    /// user types.
    /// </summary>
    private static bool IsOwn(Type type) => FrameworkAssemblies.IsLibrary(type.Assembly.GetName().Name!);

    private static string? AdviseOnKind(Type type) =>
        type == typeof(object) ? "declare the type that it really is"
        : type.IsAssignableTo(typeof(Delegate)) ? "call the function in the job, or pass the data that it needs"
        : type.IsAssignableTo(typeof(MemberInfo)) ? "pass its name"
        : IsStream(type) ? "pass its path, or the data"
        : type.IsAssignableTo(typeof(Task)) || IsValueTask(type) ? "await it and pass its result; a function may return a Task"
        : type.IsAssignableTo(typeof(Exception)) ? "throw it, or pass its message"
        : type.IsInterface || type.IsAbstract ? "declare the class that it really is"
        : null;

    private static string? AdviseOnOrigin(Type type)
    {
        if (FrameworkAssemblies.IsFrameworkType(type))
        {
            return "pass the data that it is made from";
        }

        var foreign = type.BaseType;
        while (foreign is not null && !FrameworkAssemblies.IsFrameworkType(foreign))
        {
            foreign = foreign.BaseType;
        }

        return foreign is null || foreign == typeof(object) || foreign == typeof(ValueType)
            ? null
            : $"it derives from {TypeNames.GetFullName(foreign)}, whose state is its own; "
                + (IsKnown(foreign) ? $"declare a {TypeNames.GetFullName(foreign)}, or hold one as a "
                    + "field" : "hold one as a field, or pass the data");
    }

    private static bool IsStream(Type type) =>
        type.IsAssignableTo(typeof(Stream)) || type.IsAssignableTo(typeof(TextReader)) || type.IsAssignableTo(typeof(TextWriter));

    private static bool IsValueTask(Type type) =>
        type == typeof(ValueTask) || (type.IsGenericType && type.GetGenericTypeDefinition() == typeof(ValueTask<>));
}
