using System.Reflection;

namespace Actors.Runner;

/// <summary>The methods that cannot be called from a command line with any arguments.</summary>
internal static class CallableRules
{
    /// <summary>The number of parameters that a function of a pool may have.</summary>
    private const int MaxParameters = 4;

    private const string CallerAdvice = "Name another method that calls it.";

    /// <summary>Finds the reason why a method cannot be called, with the remedy; null if it can.</summary>
    public static string? FindRefusal(MethodInfo method)
    {
        var name = MethodText.DescribeMethod(method);
        var parameters = method.GetParameters();
        if (method.DeclaringType!.ContainsGenericParameters)
            return $"{name} is a method of a generic type, and a command line gives no type arguments. {CallerAdvice}";
        if (method.IsGenericMethodDefinition)
            return $"{name} is a generic method, and a command line gives no type arguments. {CallerAdvice}";
        if (method.IsAbstract)
            return $"{name} is an abstract method of an interface. Name the method of a class.";
        if (Array.Find(parameters, parameter => IsReference(parameter.ParameterType)) is { } reference)
            return $"{name} has the parameter {reference.Name}, which is a reference. {CallerAdvice}";
        if (IsReference(method.ReturnType))
            return $"{name} returns a reference. {CallerAdvice}";
        return parameters.Length > MaxParameters
            ? $"{name} has {parameters.Length} parameters, and a pool calls methods with at most {MaxParameters}. Pass several values as "
                + "one object or tuple."
            : null;
    }

    private static bool IsReference(Type type) => type.IsByRef || type.IsPointer || type.IsByRefLike;
}
