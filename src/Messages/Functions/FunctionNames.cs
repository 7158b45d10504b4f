using System.Reflection;
using Actors.Messages.Values;

namespace Actors.Messages.Functions;

/// <summary>Formats the name of a function as <c>Namespace.Type.Method</c>, also for lambdas and local functions.</summary>
public static class FunctionNames
{
    public static string GetName(MethodInfo method)
    {
        var type = method.DeclaringType;
        while (type is { IsNested: true } && type.Name.StartsWith('<'))
        {
            type = type.DeclaringType;
        }

        if (method.Name == "Invoke" && type is { IsNested: true } && FindFSharpName(type.Name) is { } closure)
        {
            return $"{TypeNames.GetFullName(type.DeclaringType!)}.{closure}";
        }

        var owner = type is null ? "" : TypeNames.GetFullName(type.IsGenericType ? type.GetGenericTypeDefinition() : type) + ".";
        return owner + UnmangleName(method.Name);
    }

    // clo@31-1 is a lambda in line 31; scale@12 is a function of that name in line 12.
    private static string? FindFSharpName(string name) =>
        name.IndexOf('@', StringComparison.Ordinal) is > 0 and var end ? name[..end] == "clo" ? "lambda" : name[..end] : null;

    // <Main>b__0_1 is a lambda in Main; <Main>g__Add|0_1 is Main's local function Add.
    private static string UnmangleName(string name)
    {
        var end = name.IndexOf('>', StringComparison.Ordinal);
        if (!name.StartsWith('<') || end < 0)
        {
            return name;
        }

        var host = name[1..end].Replace("<", "", StringComparison.Ordinal).Replace(">$", "", StringComparison.Ordinal);
        var local = name.IndexOf("g__", end, StringComparison.Ordinal);
        var bar = name.IndexOf('|', StringComparison.Ordinal);
        return local >= 0 && bar > local ? $"{host}.{name[(local + 3)..bar]}" : $"{host}.lambda";
    }
}
