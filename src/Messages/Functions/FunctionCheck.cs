using System.Reflection;
using System.Reflection.Emit;
using System.Runtime.CompilerServices;
using Actors.Messages.Values;

namespace Actors.Messages.Functions;

/// <summary>Refuses functions that no worker could run, when they are submitted.</summary>
public static class FunctionCheck
{
    /// <summary>Throws when a method cannot be called in another process.</summary>
    public static void RequireCallable(MethodInfo method, string name, Type? target, CapturedFields captured)
    {
        if (FindReasonAgainst(method, target) is { } reason)
        {
            throw new NotCarriedException(FunctionRules.FormatRefusal(name, reason));
        }

        RequireNoStartupValue(method, name, target);
        if (target is not null && TypeCheck.FindRefusal(target, captured) is { } refusal)
        {
            throw new NotCarriedException(refusal.DescribeHolder(name) ?? (Closures.IsClosure(target)
                ? $"A variable that {name} captures: {refusal} (Pass the needed values as arguments.)"
                : refusal.ToString()));
        }
    }

    /// <summary>Throws when code of an F# program reads a value that is computed only when the program starts.</summary>
    public static void RequireNoStartupValue(MethodBase method, string name, Type? target)
    {
        var types = method.GetParameters().Select(parameter => parameter.ParameterType);
        if (FSharpProgram.Current?.FindValueReadBy(method, target is null ? types : types.Append(target)) is { } value)
        {
            throw new NotCarriedException(
                $"{name} cannot be called in another process: it uses {value}, a value of the program's last file. "
                + $"F# computes it when the program starts, which a worker does not do. Pass {value} as an argument, "
                + "or move it to another file of the project: such values are computed in each worker.");
        }
    }

    /// <summary>Throws when a parameter or the result of the delegate cannot be carried.</summary>
    public static void RequireCarried(MethodInfo invoke, string name, CallShape shape)
    {
        // The object stays in its process.
        if (shape is CallShape.Serve or CallShape.State)
        {
            return;
        }

        var inWorker = shape is CallShape.OnInstance or CallShape.OnService or CallShape.MapOnService ? 1 : 0;
        foreach (var parameter in invoke.GetParameters().Skip(inWorker))
        {
            if (TypeCheck.FindRefusal(parameter.ParameterType) is { } refusal)
            {
                throw new NotCarriedException($"An argument of {name}: {refusal}");
            }
        }

        if (ReturnTypes.FindResultType(invoke.ReturnType) is { } result && TypeCheck.FindRefusal(result) is { } against)
        {
            throw new NotCarriedException($"The result of {name}: {against}");
        }
    }

    /// <summary>Throws when a delegate lacks the instance or the first argument that its method needs.</summary>
    /// <param name="method">The method.</param>
    /// <param name="invoke">The Invoke method of the delegate.</param>
    /// <param name="name">The name for error messages.</param>
    /// <param name="target">The type of the target; null if there is none or it has no state.</param>
    public static void RequireTarget(MethodInfo method, MethodInfo invoke, string name, Type? target)
    {
        if (target is not null || (!method.IsStatic && KnownFunction.IsStateless(method.DeclaringType!)))
        {
            return;
        }

        if (!method.IsStatic)
        {
            throw new NotCarriedException(
                $"{name} cannot be called in another process: it is an instance method, and the delegate has no instance; "
                + "call it in a lambda.");
        }

        if (method.GetParameters().Length > invoke.GetParameters().Length)
        {
            throw new NotCarriedException(
                $"{name} cannot be called in another process: the delegate calls it on null; "
                + "call it in a lambda, and pass the value as an argument.");
        }
    }

    private static string? FindReasonAgainst(MethodInfo method, Type? target)
    {
        if (method is DynamicMethod || method.DeclaringType is null || method.Module.Assembly.IsDynamic)
        {
            return "it was made at run time and is in no assembly; write it as a method or a lambda.";
        }

        if (!FrameworkAssemblies.IsUserAssembly(method.Module.Assembly))
        {
            return FunctionRules.ForeignCode(method.Module.Assembly.GetName().Name!);
        }

        if (method.GetParameters().Any(parameter => parameter.ParameterType.IsByRef))
        {
            return FunctionRules.ByReference;
        }

        if (target is { IsValueType: true })
        {
            return FunctionRules.OfStruct;
        }

        if (target is not null && method is { IsVirtual: true, IsGenericMethod: true })
        {
            return FunctionRules.GenericVirtual;
        }

        return method.ReturnType == typeof(void) && method.IsDefined(typeof(AsyncStateMachineAttribute))
            ? FunctionRules.AsyncVoid
            : null;
    }
}
