using System.Reflection;

namespace Actors.Messages.Values;

/// <summary>
/// The classes in which the C# compiler keeps captured variables: one a scope, shared by all lambdas of the scope. Beside the variables
/// they hold the closure of the scope around, and delegates that the compiler made once.
/// </summary>
internal static class Closures
{
    /// <summary>Whether a type is one of them. No program can give a type such a name itself.</summary>
    internal static bool IsClosure(Type type) =>
        type.IsNested && !type.IsValueType && type.Name.StartsWith("<>c__DisplayClass", StringComparison.Ordinal);

    /// <summary>What may travel: the variables. A cached delegate is made anew wherever it is null.</summary>
    internal static FieldInfo[] GetFields(Type closure) =>
        [.. ReflectedFields.GetFields(closure).Where(field => !field.Name.StartsWith("<>9__", StringComparison.Ordinal))];
}
