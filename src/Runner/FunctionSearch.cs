using System.Reflection;
using System.Runtime.CompilerServices;

namespace Actors.Runner;

/// <summary>Finds the function that a command line names.</summary>
internal static class FunctionSearch
{
    /// <summary>Finds a public static method.</summary>
    /// <param name="assembly">The assembly.</param>
    /// <param name="name">The name: NAMESPACE.TYPE.METHOD, or METHOD if only one type has it.</param>
    /// <param name="count">The number of given arguments.</param>
    /// <exception cref="InvalidCallException">No such method exists, or several do.</exception>
    public static MethodInfo FindMethod(Assembly assembly, string name, int count)
    {
        var named = FindNamed(assembly, name);
        var suitable = named.Where(method => !method.IsGenericMethodDefinition && Accepts(method, count)).ToList();
        return suitable.Count switch
        {
            1 => suitable[0],
            0 => throw new InvalidCallException(
                $"{name} cannot be called with {count} argument{(count == 1 ? "" : "s")}. Choose one of: {Describe(named)}"),
            _ => throw new InvalidCallException($"Several methods are named {name}. Give the full name of one of: {Describe(suitable)}"),
        };
    }

    /// <summary>Describes a method by its full name and parameters.</summary>
    public static string DescribeMethod(MethodInfo method)
    {
        var parameters = method.GetParameters().Select(parameter => $"{parameter.ParameterType.Name} {parameter.Name}");
        return $"{method.DeclaringType!.FullName}.{method.Name}({string.Join(", ", parameters)})";
    }

    private static List<MethodInfo> FindNamed(Assembly assembly, string name)
    {
        var all = assembly.GetExportedTypes()
            .SelectMany(type => type.GetMethods(BindingFlags.Public | BindingFlags.Static | BindingFlags.DeclaredOnly))
            .Where(method => !method.IsSpecialName && !method.IsDefined(typeof(CompilerGeneratedAttribute))).ToList();
        var named = all.Where(method => GetFullName(method) == name || method.Name == name).ToList();
        return named.Count > 0
            ? named
            : throw new InvalidCallException(
                $"{assembly.GetName().Name} has no public static method {name} in a public type. "
                + (all.Count == 0 ? "Make the method and its type public." : $"It has: {Describe(all)}"));
    }

    private static string GetFullName(MethodInfo method) => $"{method.DeclaringType!.FullName?.Replace('+', '.')}.{method.Name}";

    /// <summary>Whether a method can be called with a number of arguments. Jobs supply tokens; defaults complete the others.</summary>
    private static bool Accepts(MethodInfo method, int count)
    {
        var parameters = method.GetParameters().Where(parameter => parameter.ParameterType != typeof(CancellationToken)).ToList();
        return count <= parameters.Count && count >= parameters.Count(parameter => !parameter.HasDefaultValue);
    }

    private static string Describe(IEnumerable<MethodInfo> methods) => string.Join(", ", methods.Select(DescribeMethod).Order());
}
