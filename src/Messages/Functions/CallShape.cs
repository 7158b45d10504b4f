namespace Actors.Messages.Functions;

/// <summary>What the arguments of a call are, and what becomes of the result.</summary>
internal enum CallShape : byte
{
    /// <summary>One call: the arguments one by one; the result.</summary>
    Single = 0,

    /// <summary>A chunk: an array of items, one call each; a <see cref="ChunkResult"/>.</summary>
    Map = 1,

    /// <summary>A chunk: an array of value tuples whose parts are the arguments of one call each; a <see cref="ChunkResult"/>.</summary>
    StarMap = 2,

    /// <summary>A factory, and the id of the managed object whose calls are served on what it makes; no result.</summary>
    Serve = 3,

    /// <summary>A function of one argument that the process has: what it serves. Only the target travels; the result.</summary>
    OnInstance = 4,

    /// <summary>A method of what the process serves: the arguments one by one; the result.</summary>
    Method = 5,

    /// <summary>As <see cref="Serve"/>, with the constructor of the target's type in place of a factory.</summary>
    ServeNew = 6,

    /// <summary>A chunk: an array of items, one call each, whose results a second function combines to one; that result.</summary>
    MapReduce = 7,
}
