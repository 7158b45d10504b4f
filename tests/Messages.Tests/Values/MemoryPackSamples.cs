using MemoryPack;

namespace Actors.Messages.Tests.Values;

[MemoryPackable]
internal sealed partial class Session
{
    [MemoryPackConstructor]
    public Session(string user)
    {
        User = user;
        Constructed++;
    }

    [MemoryPackIgnore]
    public static int Constructed { get; private set; }

    public string User { get; }

    [Utf8StringFormatter]
    public string? Note { get; set; }

    [MemoryPackInclude]
    private int _visits;

    /// <summary>No member of MemoryPack's, and part of the state all the same.</summary>
    private int _hidden;

    [MemoryPackIgnore]
    public Stream? Log { get; set; } = Stream.Null;

    [MemoryPackIgnore]
    public Action? Callback;

    internal (int Visits, int Hidden) Counts
    {
        get => (_visits, _hidden);
        init => (_visits, _hidden) = value;
    }
}

[MemoryPackable]
[MemoryPackUnion(7, typeof(Circle))]
[MemoryPackUnion(2, typeof(Square))]
internal partial interface IShape;

[MemoryPackable]
internal sealed partial record Circle(double Radius, IShape? Inside) : IShape;

[MemoryPackable]
internal sealed partial record Square(int Side) : IShape;

internal sealed record Triangle(int Side) : IShape;

[MemoryPackable]
[MemoryPackUnion(0, typeof(Answer<>))]
internal abstract partial record Reply<T>;

[MemoryPackable]
internal sealed partial record Answer<T>(T Value) : Reply<T>;

internal sealed record Sketch(string Name, List<IShape> Shapes);

internal sealed record BadSketch(IBad Shape);

[MemoryPackUnion(0, typeof(BadCase))]
internal interface IBad;

internal sealed record BadCase(Stream? Source) : IBad;

[MemoryPackable]
internal partial class WithCallback
{
    public int Value { get; set; }

    [MemoryPackOnDeserialized]
    private void Restore() => Value++;
}

internal sealed class DerivedFromCallback : WithCallback;

[MemoryPackable(GenerateType.Collection)]
internal sealed partial class Numbers : List<int>;
