namespace Actors.Messages.Functions;

/// <summary>The form of the arguments and the result of a call.</summary>
public enum CallShape : byte
{
    /// <summary>One call. Arguments: one by one. Result: that of the function.</summary>
    Single = 0,

    /// <summary>
    /// A chunk of calls. Arguments: <see cref="ChunkItems{T}"/>, an item for each call. Result: a <see cref="ChunkResult"/>.
    /// </summary>
    Map = 1,

    /// <summary>
    /// A chunk of calls. Arguments: <see cref="ChunkItems{T}"/>, a value tuple with the arguments of each call. Result: a
    /// <see cref="ChunkResult"/>.
    /// </summary>
    StarMap = 2,

    /// <summary>
    /// The start of a service. Arguments: the factory's target and the id of the managed object whose calls the created object serves. No
    /// result.
    /// </summary>
    Serve = 3,

    /// <summary>
    /// A call of a function with the object that the process serves. Arguments: only the target. Result: that of the function.
    /// </summary>
    OnInstance = 4,

    /// <summary>A call of a method of the object that the process serves. Arguments: one by one. Result: that of the method.</summary>
    Method = 5,

    /// <summary>Like <see cref="Serve"/>, but the parameterless constructor of the target's type replaces the factory.</summary>
    ServeNew = 6,

    /// <summary>
    /// A chunk of calls. Arguments: <see cref="ChunkItems{T}"/>, an item for each call. Result: one value, combined by a second
    /// function from the results.
    /// </summary>
    MapReduce = 7,

    /// <summary>
    /// A call of a function with a service of the worker, from the scope of the job. Arguments: only the target. Result: that of the
    /// function.
    /// </summary>
    OnService = 8,

    /// <summary>
    /// A chunk of calls with a service of the worker and an item. Arguments: <see cref="ChunkItems{T}"/>. Result: a
    /// <see cref="ChunkResult"/>.
    /// </summary>
    MapOnService = 9,

    /// <summary>
    /// The creation of a worker's state. Arguments: only the factory's target. No result: the object stays in the worker.
    /// </summary>
    State = 10,
}
