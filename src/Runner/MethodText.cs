using System.Reflection;
using Actors.Messages.Values;

namespace Actors.Runner;

/// <summary>Describes methods as in source code. A command line may name a method by this description.</summary>
internal static class MethodText
{
    private static readonly Dictionary<Type, string> Keywords = new()
    {
        [typeof(bool)] = "bool",
        [typeof(byte)] = "byte",
        [typeof(char)] = "char",
        [typeof(decimal)] = "decimal",
        [typeof(double)] = "double",
        [typeof(float)] = "float",
        [typeof(int)] = "int",
        [typeof(long)] = "long",
        [typeof(object)] = "object",
        [typeof(sbyte)] = "sbyte",
        [typeof(short)] = "short",
        [typeof(string)] = "string",
        [typeof(uint)] = "uint",
        [typeof(ulong)] = "ulong",
        [typeof(ushort)] = "ushort",
    };

    /// <summary>Gets the name of a method with namespace and type.</summary>
    public static string GetFullName(MethodInfo method) => $"{TypeNames.GetFullName(method.DeclaringType!)}.{method.Name}";

    /// <summary>Describes a method by its full name and parameters.</summary>
    public static string DescribeMethod(MethodInfo method) => DescribeMethod(method, DescribeType);

    /// <summary>Describes methods. Types have their namespace where two descriptions would be the same without it.</summary>
    public static string DescribeMethods(IReadOnlyList<MethodInfo> methods)
    {
        var texts = methods.Select(DescribeMethod).ToList();
        return string.Join(", ", methods.Zip(texts, (method, text) =>
            $"'{(texts.Count(other => other == text) == 1 ? text : DescribeMethod(method, TypeNames.GetFullName))}'"));
    }

    /// <summary>Describes a type without its namespace: <c>int</c>, <c>List&lt;string&gt;</c>.</summary>
    public static string DescribeType(Type type)
    {
        if (Nullable.GetUnderlyingType(type) is { } value)
            return $"{DescribeType(value)}?";
        if (type.IsArray)
            return $"{DescribeType(type.GetElementType()!)}[{new string(',', type.GetArrayRank() - 1)}]";
        if (type.IsByRef)
            return $"ref {DescribeType(type.GetElementType()!)}";
        if (Keywords.TryGetValue(type, out var keyword))
            return keyword;
        return type.IsGenericType
            ? $"{TypeNames.GetShortName(type)}<{string.Join(", ", type.GetGenericArguments().Select(DescribeType))}>"
            : type.Name;
    }

    private static string DescribeMethod(MethodInfo method, Func<Type, string> describeType) =>
        $"{GetFullName(method)}({string.Join(
            ", ", method.GetParameters().Select(parameter => $"{describeType(parameter.ParameterType)} {parameter.Name}"))})";
}
