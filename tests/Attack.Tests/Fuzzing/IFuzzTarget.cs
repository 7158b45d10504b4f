namespace Actors.Attack.Tests.Fuzzing;

/// <summary>Code that reads bytes of another process.</summary>
internal interface IFuzzTarget
{
    /// <summary>Names the target, such as <c>wire:n.done</c>.</summary>
    string Name { get; }

    /// <summary>Valid bytes, to be mutated.</summary>
    IReadOnlyList<byte[]> Samples { get; }

    /// <summary>The one exception that malformed bytes may cause.</summary>
    Type Documented { get; }

    /// <summary>The bytes that one input may allocate besides exceptions and a multiple of its length.</summary>
    int Memory { get; }

    /// <summary>Reads bytes.</summary>
    void Read(byte[] bytes);
}

/// <summary>A target that is a function.</summary>
internal sealed record FuzzTarget<TException>(
    string Name, IReadOnlyList<byte[]> Samples, Action<byte[]> Reader, int Memory = 0) : IFuzzTarget
    where TException : Exception
{
    public Type Documented => typeof(TException);

    public void Read(byte[] bytes) => Reader(bytes);
}
