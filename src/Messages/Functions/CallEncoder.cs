using Actors.Messages.Jobs;
using Actors.Messages.Values;

namespace Actors.Messages.Functions;

/// <summary>
/// Encodes calls of user functions. The arguments are encoded as the target of the delegate, if it has state, then each argument by its
/// static type. For a chunk, they are the target, the index of the first item in the map, and an array of items. A chunk with a second
/// function has the targets of both.
/// </summary>
public static class CallEncoder
{
    /// <summary>Encodes a chunk of calls with one argument each.</summary>
    /// <exception cref="NotCarriedException">The function cannot be called in another process, or a value cannot be carried.</exception>
    public static PreparedCall PrepareMap<T>(Delegate function, ChunkItems<T> chunk) => PrepareChunk(function, CallShape.Map, chunk);

    /// <summary>Encodes a chunk of calls whose arguments are the parts of a value tuple.</summary>
    /// <exception cref="NotCarriedException">The function cannot be called in another process, or a value cannot be carried.</exception>
    public static PreparedCall PrepareStarMap<TTuple>(Delegate function, ChunkItems<TTuple> chunk) =>
        PrepareChunk(function, CallShape.StarMap, chunk);

    /// <summary>Encodes a chunk of calls with one argument each, whose results are combined to one.</summary>
    /// <param name="map">The function that is called with each item.</param>
    /// <param name="reduce">The function that combines two results.</param>
    /// <param name="chunk">The arguments of <paramref name="map"/>.</param>
    /// <exception cref="NotCarriedException">A function cannot be called in another process, or a value cannot be carried.</exception>
    public static PreparedCall PrepareMapReduce<T>(Delegate map, Delegate reduce, ChunkItems<T> chunk)
    {
        var (knownMap, knownReduce) = (
            KnownFunction.ForDelegate(map, CallShape.MapReduce), KnownFunction.ForDelegate(reduce, CallShape.Single));
        var buffer = ValueBuffer.RentBuffer();
        var writer = new ValueWriter(buffer) { IsJob = true };
        knownMap.Target?.WriteTarget(ref writer, map.Target!);
        knownReduce.Target?.WriteTarget(ref writer, reduce.Target!);
        chunk.WriteTo(ref writer);
        writer.FlushBuffer();
        return new PreparedCall(KnownFunction.CombineReferences(knownMap, knownReduce), buffer.DetachBytes(), writer.KeptAlive);
    }

    /// <summary>Encodes one call.</summary>
    /// <exception cref="NotCarriedException">The function cannot be called in another process, or a value cannot be carried.</exception>
    public static PreparedCall PrepareCall(Delegate function)
    {
        var writer = BeginCall(function, CallShape.Single, out var known, out var buffer);
        return EndCall(known, buffer, ref writer);
    }

    /// <inheritdoc cref="PrepareCall(Delegate)"/>
    public static PreparedCall PrepareCall<T1>(Delegate function, T1 argument1)
    {
        var writer = BeginCall(function, CallShape.Single, out var known, out var buffer);
        writer.WriteValue(argument1);
        return EndCall(known, buffer, ref writer);
    }

    /// <inheritdoc cref="PrepareCall(Delegate)"/>
    public static PreparedCall PrepareCall<T1, T2>(Delegate function, T1 argument1, T2 argument2)
    {
        var writer = BeginCall(function, CallShape.Single, out var known, out var buffer);
        writer.WriteValue(argument1);
        writer.WriteValue(argument2);
        return EndCall(known, buffer, ref writer);
    }

    /// <inheritdoc cref="PrepareCall(Delegate)"/>
    public static PreparedCall PrepareCall<T1, T2, T3>(Delegate function, T1 argument1, T2 argument2, T3 argument3)
    {
        var writer = BeginCall(function, CallShape.Single, out var known, out var buffer);
        writer.WriteValue(argument1);
        writer.WriteValue(argument2);
        writer.WriteValue(argument3);
        return EndCall(known, buffer, ref writer);
    }

    /// <summary>Encodes one call with arguments of any number and type.</summary>
    /// <exception cref="NotCarriedException">The function cannot be called in another process, or a value cannot be carried.</exception>
    public static PreparedCall PrepareBoxedCall(Delegate function, ReadOnlySpan<object?> arguments)
    {
        var writer = BeginCall(function, CallShape.Single, out var known, out var buffer);
        var parameters = function.Method.GetParameters();
        for (var i = 0; i < arguments.Length; i++)
        {
            BoxedValue.ForType(parameters[i].ParameterType).WriteValue(ref writer, arguments[i]);
        }

        return EndCall(known, buffer, ref writer);
    }

    /// <summary>Encodes the start of a service: its factory, and the id of the object through which it is called.</summary>
    /// <exception cref="NotCarriedException">The factory cannot be called in another process.</exception>
    public static PreparedCall PrepareService(Delegate factory, ObjectId service)
    {
        var writer = BeginCall(factory, CallShape.Serve, out var known, out var buffer);
        writer.WriteValue(service.Value);
        return EndCall(known, buffer, ref writer);
    }

    /// <summary>Encodes the creation of a worker's state.</summary>
    /// <exception cref="NotCarriedException">The factory cannot be called in another process.</exception>
    public static PreparedCall PrepareState(Delegate factory)
    {
        var writer = BeginCall(factory, CallShape.State, out var known, out var buffer);
        return EndCall(known, buffer, ref writer);
    }

    /// <summary>Encodes the start of a service whose object is created by its parameterless constructor.</summary>
    /// <exception cref="NotCarriedException">The type is not declared in user code.</exception>
    public static PreparedCall PrepareServiceOfType(Type type, ObjectId service)
    {
        if (!FrameworkAssemblies.IsUserAssembly(type.Assembly))
        {
            throw new NotCarriedException(
                $"{TypeNames.GetFullName(type)} is not declared in your own code. Pass a factory that creates it.");
        }

        FunctionCheck.RequireNoStartupValue(type.GetConstructor([])!, TypeNames.GetFullName(type), type);
        var definition = new FunctionDefinition(
            type.Assembly.GetName().Name!, type.Module.ModuleVersionId, type.MetadataToken, [], [], [], TypeRef.FromType(type),
            CallShape.ServeNew);
        return new PreparedCall(new FunctionRef(TypeNames.GetFullName(type), definition.ToBytes()), ValueSerializer.ToBytes(service.Value));
    }

    /// <summary>Encodes a call of a function with the object that a process serves.</summary>
    /// <exception cref="NotCarriedException">The function cannot be called in another process, or a value cannot be carried.</exception>
    public static PreparedCall PrepareInstanceCall(Delegate function)
    {
        var writer = BeginCall(function, CallShape.OnInstance, out var known, out var buffer);
        return EndCall(known, buffer, ref writer);
    }

    /// <summary>Encodes a call of a function with a service of the worker.</summary>
    /// <exception cref="NotCarriedException">The function cannot be called in another process, or a value cannot be carried.</exception>
    public static PreparedCall PrepareServiceCall(Delegate function)
    {
        var writer = BeginCall(function, CallShape.OnService, out var known, out var buffer);
        return EndCall(known, buffer, ref writer);
    }

    /// <summary>Encodes a chunk of calls with a service of the worker and an item.</summary>
    /// <exception cref="NotCarriedException">The function cannot be called in another process, or a value cannot be carried.</exception>
    public static PreparedCall PrepareServiceMap<T>(Delegate function, ChunkItems<T> chunk) =>
        PrepareChunk(function, CallShape.MapOnService, chunk);

    private static PreparedCall PrepareChunk<T>(Delegate function, CallShape shape, ChunkItems<T> chunk)
    {
        var writer = BeginCall(function, shape, out var known, out var buffer);
        chunk.WriteTo(ref writer);
        return EndCall(known, buffer, ref writer);
    }

    private static ValueWriter BeginCall(Delegate function, CallShape shape, out KnownFunction known, out ValueBuffer buffer)
    {
        known = KnownFunction.ForDelegate(function, shape);
        buffer = ValueBuffer.RentBuffer();
        var writer = new ValueWriter(buffer) { IsJob = IsJob(shape) };
        known.Target?.WriteTarget(ref writer, function.Target!);
        return writer;
    }

    private static bool IsJob(CallShape shape) =>
        shape is CallShape.Single or CallShape.Map or CallShape.StarMap or CallShape.OnService or CallShape.MapOnService;

    private static PreparedCall EndCall(KnownFunction known, ValueBuffer buffer, ref ValueWriter writer)
    {
        writer.FlushBuffer();
        return new PreparedCall(known.Reference, buffer.DetachBytes(), writer.KeptAlive, known.Name);
    }
}
