using System.Reflection;

namespace Actors.Messages.Values;

/// <summary>
/// The classes in which the C# compiler keeps captured variables. Each scope has one, shared by all lambdas of the scope. It also has
/// fields for the closure of the outer scope and for cached delegates.
/// </summary>
public static class Closures
{
    /// <summary>Whether a type is such a class. Source code cannot declare a type with such a name.</summary>
    public static bool IsClosure(Type type) =>
        type.IsNested && !type.IsValueType && type.Name.StartsWith("<>c__DisplayClass", StringComparison.Ordinal);

    /// <summary>
    /// Gets the fields of the variables. Cached delegates are excluded; the compiler's code creates them again when they are null.
    /// </summary>
    public static FieldInfo[] GetFields(Type closure) =>
        [.. ReflectedFields.GetFields(closure).Where(field => !field.Name.StartsWith("<>9__", StringComparison.Ordinal))];
}
