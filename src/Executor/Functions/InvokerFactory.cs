using System.Reflection;
using System.Runtime.CompilerServices;
using Actors.Executor.Services;
using Actors.Messages.Functions;
using Actors.Messages.Values;

namespace Actors.Executor.Functions;

/// <summary>Creates invokers of functions. Reflection is used once for each function, and not for calls.</summary>
internal static class InvokerFactory
{
    private static readonly Type[] CallInvokers =
    [
        typeof(CallInvoker<,,>), typeof(CallInvoker<,,,>), typeof(CallInvoker<,,,,>), typeof(CallInvoker<,,,,,>),
        typeof(CallInvoker<,,,,,,>),
    ];

    internal static FunctionInvoker MakeInvoker(ResolvedFunction function, CallShape shape) => shape switch
    {
        CallShape.Single => MakeSingle(function),
        CallShape.Serve => MakeService(function),
        CallShape.State => MakeState(function),
        CallShape.OnInstance or CallShape.OnService =>
            MakeOnItem(typeof(InstanceInvoker<,,,>), function.Parameters.Single(), function, CallShape.Map),
        CallShape.Method => Instantiate(typeof(MethodInvoker<,,>), ReturnOf(function.Returned), function.Method),
        CallShape.Map => MakeOnItem(typeof(MapInvoker<,,,>), function.Parameters.Single(), function, shape),
        CallShape.MapOnService => MakeOnItem(typeof(MapInvoker<,,,>), function.Parameters[1], function, shape),
        _ => MakeOnItem(typeof(MapInvoker<,,,>), TupleOf(function.Parameters), function, shape),
    };

    // The target of a closure is one more argument: an open delegate is created once, and called with the target of each call.
    private static FunctionInvoker MakeSingle(ResolvedFunction function)
    {
        Type[] parameters = function.Target is { } target ? [target, .. function.Parameters] : function.Parameters;
        if (parameters.Length >= CallInvokers.Length)
        {
            throw new FunctionNotFoundException(
                $"{FunctionNames.GetName(function.Method)} has more parameters than a job supports ({CallInvokers.Length - 1}).");
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

    /// <summary>Creates the invoker of a function that maps items and a function that combines its results.</summary>
    /// <exception cref="FunctionNotFoundException">The types of the functions do not match.</exception>
    internal static FunctionInvoker MakeReducing(ResolvedFunction map, ResolvedFunction reduce)
    {
        var @return = ReturnOf(map.Returned);
        var result = @return[1];
        if (map.Parameters is not [var item] || reduce.Returned != result || reduce.Parameters is not [var left, var right]
            || left != result || right != result)
        {
            throw new FunctionNotFoundException(
                $"{FunctionNames.GetName(reduce.Method)} does not combine two results of {FunctionNames.GetName(map.Method)}.");
        }

        return Instantiate(
            typeof(MapReduceInvoker<,,,>), [item, .. @return],
            BoundFunctionOf(map, DelegateTypes.MakeFunc([item, map.Returned])),
            BoundFunctionOf(reduce, DelegateTypes.MakeFunc([left, right, result])));
    }

    private static object BoundFunctionOf(ResolvedFunction function, Type type) => Activator.CreateInstance(
        typeof(BoundFunction<>).MakeGenericType(type),
        typeof(InvokerFactory).GetMethod(nameof(DelegateBinderOf), BindingFlags.Static | BindingFlags.NonPublic)!
            .MakeGenericMethod(type).Invoke(null, [function]),
        function.Target is null ? null : TargetReader.ForType(function.Target))!;

    private static Func<object?, TDelegate> DelegateBinderOf<TDelegate>(ResolvedFunction function)
        where TDelegate : Delegate => target => (TDelegate)BindDelegate(function, function.Parameters, isClosed: true, target);

    private static FunctionInvoker MakeService(ResolvedFunction function)
    {
        var @return = ReturnOf(function.Returned);
        var bind = typeof(InvokerFactory).GetMethod(nameof(FactoryOf), BindingFlags.Static | BindingFlags.NonPublic)!
            .MakeGenericMethod(@return[0]).Invoke(null, [function])!;
        return Instantiate(
            typeof(ServiceInvoker<,,>), @return, bind, function.Target is null ? null : TargetReader.ForType(function.Target));
    }

    private static FunctionInvoker MakeState(ResolvedFunction function) => Instantiate(
        typeof(StateInvoker<,,>), ReturnOf(function.Returned),
        BoundFunctionOf(function, DelegateTypes.MakeFunc([function.Returned])));

    /// <summary>Creates the invoker that serves an instance of a type, created by its constructor.</summary>
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
        if (shape == CallShape.Map)
            return (Func<T, TReturned>)bound;
        var adapter = shape == CallShape.MapOnService ? nameof(Adapters.PassService) : nameof(Adapters.SpreadTuple);
        return (Func<T, TReturned>)AdaptDelegate(adapter, [.. function.Parameters, typeof(TReturned)], bound);
    };

    /// <summary>Creates a Func for the method. A method without a result gets one.</summary>
    private static Delegate BindDelegate(ResolvedFunction function, Type[] parameters, bool isClosed, object? target)
    {
        var method = function.Method;
        if (isClosed && target is null && !method.IsStatic)
        {
            // A lambda without captured variables is an instance method of a class without state, so any instance can be its target.
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
            : throw new FunctionNotFoundException($"{FunctionNames.GetName(method)} needs an instance, but the call has none.");

    private static Delegate AdaptDelegate(string adapter, Type[] types, Delegate function)
    {
        var method = typeof(Adapters).GetMethods(BindingFlags.Static | BindingFlags.NonPublic)
            .Single(candidate => candidate.Name == adapter && candidate.GetGenericArguments().Length == types.Length);
        return (Delegate)(types.Length == 0 ? method : method.MakeGenericMethod(types)).Invoke(null, [function])!;
    }

    /// <summary>Gets the return type, the type of the result in it, and the conversion between them.</summary>
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

        var taskReturn = returned.IsValueType ? typeof(ValueTaskReturn<>) : typeof(TaskReturn<>);
        var conversion = ReturnTypes.IsTaskWithResult(returned) ? taskReturn : typeof(PlainReturn<>);
        return [returned, result, conversion.MakeGenericType(result)];
    }

    private static Type TupleOf(Type[] parts)
    {
        var open = parts.Length switch
        {
            2 => typeof(ValueTuple<,>),
            3 => typeof(ValueTuple<,,>),
            var count => throw new FunctionNotFoundException($"A star map accepts functions with 2 or 3 parameters, not {count}."),
        };
        return open.MakeGenericType(parts);
    }

    private static FunctionInvoker Instantiate(Type open, Type[] types, params object?[] arguments) =>
        (FunctionInvoker)Activator.CreateInstance(open.MakeGenericType(types), arguments)!;
}
