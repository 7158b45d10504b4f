using Actors.Messages.Jobs;
using Actors.Messages.Values;

namespace Actors.Messages.Functions;

/// <summary>
/// Makes calls ready to travel. The encoded arguments are the delegate's target, if it has a state, then each argument by its static
/// type; of a chunk, the target and then the array of its items. A chunk with a second function has the targets of both.
/// </summary>
internal static class CallEncoder
{
    /// <summary>A chunk of calls with one argument each.</summary>
    /// <exception cref="NotCarriedException">The function cannot be called in another process, or a value cannot be carried.</exception>
    internal static PreparedCall Map<T>(Delegate function, ReadOnlySpan<T> items) => Chunk(function, CallShape.Map, items);

    /// <summary>A chunk of calls whose arguments are the parts of a value tuple each.</summary>
    /// <exception cref="NotCarriedException">The function cannot be called in another process, or a value cannot be carried.</exception>
    internal static PreparedCall StarMap<TTuple>(Delegate function, ReadOnlySpan<TTuple> items) => Chunk(function, CallShape.StarMap, items);

    /// <summary>A chunk of calls with one argument each, whose results are combined to one.</summary>
    /// <param name="map">The function that is called with each item.</param>
    /// <param name="reduce">The function that combines two results.</param>
    /// <param name="items">The arguments of <paramref name="map"/>.</param>
    /// <exception cref="NotCarriedException">A function cannot be called in another process, or a value cannot be carried.</exception>
    internal static PreparedCall MapReduce<T>(Delegate map, Delegate reduce, ReadOnlySpan<T> items)
    {
        var (knownMap, knownReduce) = (KnownFunction.Of(map, CallShape.MapReduce), KnownFunction.Of(reduce, CallShape.Single));
        var buffer = ValueBuffer.Rent();
        var writer = new ValueWriter(buffer);
        knownMap.Target?.Write(ref writer, map.Target!);
        knownReduce.Target?.Write(ref writer, reduce.Target!);
        Items.Write(ref writer, items);
        writer.Flush();
        return new PreparedCall(KnownFunction.Pair(knownMap, knownReduce), buffer.Detach(), writer.Kept);
    }

    /// <summary>One call.</summary>
    /// <exception cref="NotCarriedException">The function cannot be called in another process, or a value cannot be carried.</exception>
    internal static PreparedCall Single(Delegate function)
    {
        var writer = Begin(function, CallShape.Single, out var known, out var buffer);
        return End(known, buffer, ref writer);
    }

    /// <inheritdoc cref="Single(Delegate)"/>
    internal static PreparedCall Single<T1>(Delegate function, T1 argument1)
    {
        var writer = Begin(function, CallShape.Single, out var known, out var buffer);
        writer.Write(argument1);
        return End(known, buffer, ref writer);
    }

    /// <inheritdoc cref="Single(Delegate)"/>
    internal static PreparedCall Single<T1, T2>(Delegate function, T1 argument1, T2 argument2)
    {
        var writer = Begin(function, CallShape.Single, out var known, out var buffer);
        writer.Write(argument1);
        writer.Write(argument2);
        return End(known, buffer, ref writer);
    }

    /// <inheritdoc cref="Single(Delegate)"/>
    internal static PreparedCall Single<T1, T2, T3>(Delegate function, T1 argument1, T2 argument2, T3 argument3)
    {
        var writer = Begin(function, CallShape.Single, out var known, out var buffer);
        writer.Write(argument1);
        writer.Write(argument2);
        writer.Write(argument3);
        return End(known, buffer, ref writer);
    }

    /// <inheritdoc cref="Single(Delegate)"/>
    internal static PreparedCall Single<T1, T2, T3, T4>(Delegate function, T1 argument1, T2 argument2, T3 argument3, T4 argument4)
    {
        var writer = Begin(function, CallShape.Single, out var known, out var buffer);
        writer.Write(argument1);
        writer.Write(argument2);
        writer.Write(argument3);
        writer.Write(argument4);
        return End(known, buffer, ref writer);
    }

    /// <inheritdoc cref="Single(Delegate)"/>
    internal static PreparedCall Single<T1, T2, T3, T4, T5>(
        Delegate function, T1 argument1, T2 argument2, T3 argument3, T4 argument4, T5 argument5)
    {
        var writer = Begin(function, CallShape.Single, out var known, out var buffer);
        writer.Write(argument1);
        writer.Write(argument2);
        writer.Write(argument3);
        writer.Write(argument4);
        writer.Write(argument5);
        return End(known, buffer, ref writer);
    }

    /// <inheritdoc cref="Single(Delegate)"/>
    internal static PreparedCall Single<T1, T2, T3, T4, T5, T6>(
        Delegate function, T1 argument1, T2 argument2, T3 argument3, T4 argument4, T5 argument5, T6 argument6)
    {
        var writer = Begin(function, CallShape.Single, out var known, out var buffer);
        writer.Write(argument1);
        writer.Write(argument2);
        writer.Write(argument3);
        writer.Write(argument4);
        writer.Write(argument5);
        writer.Write(argument6);
        return End(known, buffer, ref writer);
    }

    /// <inheritdoc cref="Single(Delegate)"/>
    internal static PreparedCall Single<T1, T2, T3, T4, T5, T6, T7>(
        Delegate function, T1 argument1, T2 argument2, T3 argument3, T4 argument4, T5 argument5, T6 argument6, T7 argument7)
    {
        var writer = Begin(function, CallShape.Single, out var known, out var buffer);
        writer.Write(argument1);
        writer.Write(argument2);
        writer.Write(argument3);
        writer.Write(argument4);
        writer.Write(argument5);
        writer.Write(argument6);
        writer.Write(argument7);
        return End(known, buffer, ref writer);
    }

    /// <inheritdoc cref="Single(Delegate)"/>
    internal static PreparedCall Single<T1, T2, T3, T4, T5, T6, T7, T8>(
        Delegate function, T1 argument1, T2 argument2, T3 argument3, T4 argument4, T5 argument5, T6 argument6, T7 argument7, T8 argument8)
    {
        var writer = Begin(function, CallShape.Single, out var known, out var buffer);
        writer.Write(argument1);
        writer.Write(argument2);
        writer.Write(argument3);
        writer.Write(argument4);
        writer.Write(argument5);
        writer.Write(argument6);
        writer.Write(argument7);
        writer.Write(argument8);
        return End(known, buffer, ref writer);
    }

    /// <summary>A service: the factory of what is served, and the object through which it is called.</summary>
    /// <exception cref="NotCarriedException">The factory cannot be called in another process.</exception>
    internal static PreparedCall Serve(Delegate factory, ObjectId service)
    {
        var writer = Begin(factory, CallShape.Serve, out var known, out var buffer);
        writer.Write(service.Value);
        return End(known, buffer, ref writer);
    }

    /// <summary>A service: what is served is made by its own constructor.</summary>
    /// <exception cref="NotCarriedException">The type is not the user's own.</exception>
    internal static PreparedCall ServeNew(Type type, ObjectId service)
    {
        if (!FrameworkAssemblies.IsUsers(type.Assembly))
        {
            throw new NotCarriedException($"{TypeNames.Of(type)} is not of your own code; give a factory that makes it.");
        }

        FunctionCheck.RequireNoStartupValue(type.GetConstructor([])!, TypeNames.Of(type), type);
        var definition = new FunctionDefinition(
            type.Assembly.GetName().Name!, type.Module.ModuleVersionId, type.MetadataToken, [], [], [], TypeRef.Of(type), CallShape.ServeNew);
        return new PreparedCall(new FunctionRef(TypeNames.Of(type), definition.Encode()), ValueSerializer.ToBytes(service.Value));
    }

    /// <summary>A call of a function on what a process serves.</summary>
    /// <exception cref="NotCarriedException">The function cannot be called in another process, or a value cannot be carried.</exception>
    internal static PreparedCall OnInstance(Delegate function)
    {
        var writer = Begin(function, CallShape.OnInstance, out var known, out var buffer);
        return End(known, buffer, ref writer);
    }

    private static PreparedCall Chunk<T>(Delegate function, CallShape shape, ReadOnlySpan<T> items)
    {
        var writer = Begin(function, shape, out var known, out var buffer);
        Items.Write(ref writer, items);
        return End(known, buffer, ref writer);
    }

    private static ValueWriter Begin(Delegate function, CallShape shape, out KnownFunction known, out ValueBuffer buffer)
    {
        known = KnownFunction.Of(function, shape);
        buffer = ValueBuffer.Rent();
        var writer = new ValueWriter(buffer);
        known.Target?.Write(ref writer, function.Target!);
        return writer;
    }

    private static PreparedCall End(KnownFunction known, ValueBuffer buffer, ref ValueWriter writer)
    {
        writer.Flush();
        return new PreparedCall(known.Reference, buffer.Detach(), writer.Kept);
    }
}
