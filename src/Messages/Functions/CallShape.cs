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
}
