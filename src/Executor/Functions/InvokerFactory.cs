using System.Reflection;
using System.Runtime.CompilerServices;
using Actors.Executor.Services;
using Actors.Messages.Functions;
using Actors.Messages.Values;

namespace Actors.Executor.Functions;

/// <summary>Makes the invoker of a function: the reflection is here, once a function; calls have none.</summary>
internal static class InvokerFactory
{
    private static readonly Type[] CallInvokers =
    [
        typeof(CallInvoker<,,>), typeof(CallInvoker<,,,>), typeof(CallInvoker<,,,,>), typeof(CallInvoker<,,,,,>), typeof(CallInvoker<,,,,,,>),
        typeof(CallInvoker<,,,,,,,>), typeof(CallInvoker<,,,,,,,,>), typeof(CallInvoker<,,,,,,,,,>), typeof(CallInvoker<,,,,,,,,,,>),
        typeof(CallInvoker<,,,,,,,,,,,>),
    ];

    internal static FunctionInvoker MakeInvoker(ResolvedFunction function, CallShape shape) => shape switch
    {
        CallShape.Single => MakeSingle(function),
        CallShape.Serve => MakeService(function),
        CallShape.OnInstance => MakeOnItem(typeof(InstanceInvoker<,,,>), function.Parameters.Single(), function, CallShape.Map),
        CallShape.Method => Instantiate(typeof(MethodInvoker<,,>), ReturnOf(function.Returned), function.Method),
        CallShape.Map => MakeOnItem(typeof(MapInvoker<,,,>), function.Parameters.Single(), function, shape),
        _ => MakeOnItem(typeof(MapInvoker<,,,>), TupleOf(function.Parameters), function, shape),
    };

    // A closure's target is one argument more: an open delegate is made once, and called with each target that comes.
    private static FunctionInvoker MakeSingle(ResolvedFunction function)
    {
        Type[] parameters = function.Target is { } target ? [target, .. function.Parameters] : function.Parameters;
        if (parameters.Length >= CallInvokers.Length)
        {
            throw new FunctionNotFoundException($"{FunctionNames.GetName(function.Method)} has more parameters than a job can have.");
        }

        var open = BindDelegate(function, parameters, isClosed: function.Target is null, target: null);
        return Instantiate(CallInvokers[parameters.Length], [.. parameters, .. ReturnOf(function.Returned)], open);
    }

    private static FunctionInvoker MakeOnItem(Type invoker, Type item, ResolvedFunction function, CallShape shape)
    {
        var @return = ReturnOf(function.Returned);
        var bind = typeof(InvokerFactory).GetMethod(nameof(BinderOf), BindingFlags.Static | BindingFlags.NonPublic)!
            .MakeGenericMethod(item, @return[0]).Invoke(null, [function, shape])!;
        return Instantiate(invoker, [item, .. @return], bind, function.Target is null ? null : TargetReader.ForType(function.Target));
    }

    /// <summary>The invoker of a function that maps items and one that combines its results.</summary>
    /// <exception cref="FunctionNotFoundException">The functions do not fit together.</exception>
    internal static FunctionInvoker MakeReducing(ResolvedFunction map, ResolvedFunction reduce)
    {
        var @return = ReturnOf(map.Returned);
        var result = @return[1];
        if (map.Parameters is not [var item] || reduce.Returned != result || reduce.Parameters is not [var left, var right] || left != result || right != result)
        {
            throw new FunctionNotFoundException($"{FunctionNames.GetName(reduce.Method)} does not combine two results of {FunctionNames.GetName(map.Method)}.");
        }

        return Instantiate(
            typeof(MapReduceInvoker<,,,>), [item, .. @return],
            BoundFunctionOf(map, DelegateTypes.MakeFunc([item, map.Returned])), BoundFunctionOf(reduce, DelegateTypes.MakeFunc([left, right, result])));
    }

    private static object BoundFunctionOf(ResolvedFunction function, Type type) => Activator.CreateInstance(
        typeof(BoundFunction<>).MakeGenericType(type),
        typeof(InvokerFactory).GetMethod(nameof(DelegateBinderOf), BindingFlags.Static | BindingFlags.NonPublic)!.MakeGenericMethod(type).Invoke(null, [function]),
        function.Target is null ? null : TargetReader.ForType(function.Target))!;

    private static Func<object?, TDelegate> DelegateBinderOf<TDelegate>(ResolvedFunction function)
        where TDelegate : Delegate => target => (TDelegate)BindDelegate(function, function.Parameters, isClosed: true, target);

    private static FunctionInvoker MakeService(ResolvedFunction function)
    {
        var @return = ReturnOf(function.Returned);
        var bind = typeof(InvokerFactory).GetMethod(nameof(FactoryOf), BindingFlags.Static | BindingFlags.NonPublic)!
            .MakeGenericMethod(@return[0]).Invoke(null, [function])!;
        return Instantiate(typeof(ServiceInvoker<,,>), @return, bind, function.Target is null ? null : TargetReader.ForType(function.Target));
    }

    /// <summary>The invoker that serves what the type's own constructor makes.</summary>
    internal static FunctionInvoker MakeService(Type type)
    {
        var bind = typeof(InvokerFactory).GetMethod(nameof(ConstructorOf), BindingFlags.Static | BindingFlags.NonPublic)!
            .MakeGenericMethod(type).Invoke(null, [])!;
        return Instantiate(typeof(ServiceInvoker<,,>), ReturnOf(type), bind, null);
    }

    private static Func<object?, Func<T>> ConstructorOf<T>() => static _ => Activator.CreateInstance<T>;

    private static Func<object?, Func<TReturned>> FactoryOf<TReturned>(ResolvedFunction function) =>
        target => (Func<TReturned>)BindDelegate(function, [], isClosed: true, target);

    private static Func<object?, Func<T, TReturned>> BinderOf<T, TReturned>(ResolvedFunction function, CallShape shape) => target =>
    {
        var bound = BindDelegate(function, function.Parameters, isClosed: true, target);
        return (Func<T, TReturned>)(shape == CallShape.Map ? bound : AdaptDelegate(nameof(Adapters.SpreadTuple), [.. function.Parameters, typeof(TReturned)], bound));
    };

    /// <summary>A Func of the method; one that returns nothing is given a result.</summary>
    private static Delegate BindDelegate(ResolvedFunction function, Type[] parameters, bool isClosed, object? target)
    {
        var method = function.Method;
        if (isClosed && target is null && !method.IsStatic)
        {
            // A lambda that captures nothing is an instance method of a class without a state: any instance will do.
            target = RequireStateless(method);
        }

        var isVoid = function.Returned == typeof(void);
        var type = isVoid ? DelegateTypes.MakeAction(parameters) : DelegateTypes.MakeFunc([.. parameters, function.Returned]);
        var made = isClosed && target is not null ? method.CreateDelegate(type, target) : method.CreateDelegate(type);
        return isVoid ? AdaptDelegate(nameof(Adapters.ReturnNothing), parameters, made) : made;
    }

    private static object RequireStateless(MethodInfo method) =>
        KnownFunction.IsStateless(method.DeclaringType!)
            ? RuntimeHelpers.GetUninitializedObject(method.DeclaringType!)
            : throw new FunctionNotFoundException($"{FunctionNames.GetName(method)} needs an instance, and none came with the call.");

    private static Delegate AdaptDelegate(string adapter, Type[] types, Delegate function)
    {
        var method = typeof(Adapters).GetMethods(BindingFlags.Static | BindingFlags.NonPublic)
            .Single(candidate => candidate.Name == adapter && candidate.GetGenericArguments().Length == types.Length);
        return (Delegate)(types.Length == 0 ? method : method.MakeGenericMethod(types)).Invoke(null, [function])!;
    }

    /// <summary>What is returned, the result in it, and the way from the one to the other.</summary>
    private static Type[] ReturnOf(Type returned)
    {
        if (returned == typeof(void))
        {
            return [typeof(Nothing), typeof(Nothing), typeof(PlainReturn<Nothing>)];
        }

        if (ReturnTypes.FindResultType(returned) is not { } result)
        {
            return [returned, typeof(Nothing), returned == typeof(Task) ? typeof(TaskReturn) : typeof(ValueTaskReturn)];
        }

        var way = !ReturnTypes.IsTaskWithResult(returned) ? typeof(PlainReturn<>) : returned.IsValueType ? typeof(ValueTaskReturn<>) : typeof(TaskReturn<>);
        return [returned, result, way.MakeGenericType(result)];
    }

    private static Type TupleOf(Type[] parts)
    {
        var open = parts.Length switch
        {
            2 => typeof(ValueTuple<,>),
            3 => typeof(ValueTuple<,,>),
            4 => typeof(ValueTuple<,,,>),
            5 => typeof(ValueTuple<,,,,>),
            6 => typeof(ValueTuple<,,,,,>),
            7 => typeof(ValueTuple<,,,,,,>),
            var count => throw new FunctionNotFoundException($"A star map takes functions of 2 to 7 parameters, not {count}."),
        };
        return open.MakeGenericType(parts);
    }

    private static FunctionInvoker Instantiate(Type open, Type[] types, params object?[] arguments) =>
        (FunctionInvoker)Activator.CreateInstance(open.MakeGenericType(types), arguments)!;
}
