using System.Reflection;
using System.Runtime.CompilerServices;

namespace Actors.Runner;

/// <summary>Finds the function that a command line names.</summary>
internal static class FunctionSearch
{
    /// <summary>The number of methods that the message about an unknown name lists.</summary>
    private const int MaxListed = 5;

    /// <summary>Finds a public static method.</summary>
    /// <param name="assembly">The assembly.</param>
    /// <param name="text">The name: NAMESPACE.TYPE.METHOD or its end, with or without the types of its parameters in parentheses.</param>
    /// <param name="count">The number of given arguments.</param>
    /// <exception cref="InvalidCallException">No such method can be called, or several can.</exception>
    public static MethodInfo FindMethod(Assembly assembly, string text, int count)
    {
        var signature = MethodSignature.ParseText(text);
        var callable = FindCallable(assembly, signature);
        var ofTypes = callable.Where(signature.HasParameters).ToList();
        if (ofTypes.Count == 0)
            throw new InvalidCallException($"No {signature.Name} has these parameters. {ListChoices(callable)}");
        var suitable = ofTypes.Where(method => AcceptsCount(method, count)).ToList();
        return suitable.Count switch
        {
            1 => suitable[0],
            0 => throw new InvalidCallException(
                $"{text} cannot be called with {count} argument{(count == 1 ? "" : "s")}. {ListChoices(ofTypes)}"),
            _ => throw new InvalidCallException($"Several methods fit {text}. {ListChoices(suitable)}"),
        };
    }

    private static List<MethodInfo> FindCallable(Assembly assembly, MethodSignature signature)
    {
        var all = assembly.GetExportedTypes()
            .SelectMany(type => type.GetMethods(BindingFlags.Public | BindingFlags.Static | BindingFlags.DeclaredOnly))
            .Where(method => !method.IsSpecialName && !method.IsDefined(typeof(CompilerGeneratedAttribute))).ToList();
        var named = signature.SelectNamed(all);
        if (named.Count == 0)
        {
            throw new InvalidCallException(
                $"{assembly.GetName().Name} has no public static method {signature.Name} in a public type. "
                + DescribeNearest(all, signature));
        }

        var callable = named.Where(method => CallableRules.FindRefusal(method) is null).ToList();
        return callable.Count > 0 ? callable : throw new InvalidCallException(string.Join(' ', named.Select(CallableRules.FindRefusal)));
    }

    private static string DescribeNearest(List<MethodInfo> all, MethodSignature signature)
    {
        if (all.Count == 0)
            return "Make the method and its type public.";
        var nearest = NearestNames.OrderByDistance(all, method => method.Name, signature.Name.Split('.')[^1]).Take(MaxListed).ToList();
        return $"{(all.Count <= MaxListed ? "It has" : $"The nearest of its {all.Count} methods are")}: "
            + MethodText.DescribeMethods(nearest);
    }

    private static string ListChoices(IEnumerable<MethodInfo> methods) =>
        $"Give one of these, in quotation marks: {MethodText.DescribeMethods([.. methods.OrderBy(MethodText.DescribeMethod)])}";

    /// <summary>Whether a method can be called with a number of arguments. The job supplies some; defaults complete the others.</summary>
    private static bool AcceptsCount(MethodInfo method, int count)
    {
        var parameters = method.GetParameters().Where(parameter => !ArgumentTexts.IsSupplied(parameter)).ToList();
        return count <= parameters.Count && count >= parameters.Count(parameter => !parameter.HasDefaultValue);
    }
}
