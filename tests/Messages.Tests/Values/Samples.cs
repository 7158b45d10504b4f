using Actors.Messages.Values;
using MemoryPack;

namespace Actors.Messages.Tests.Values;

internal enum Color : short
{
    Red = 1,
    Blue = -7,
}

internal record Point(int X, int Y);

internal sealed record NamedPoint(string Name, int X, int Y) : Point(X, Y);

internal class Person
{
    private readonly string _secret;

    internal Person(string name, string secret)
    {
        Name = name;
        _secret = secret;
    }

    internal string Name { get; }

    internal List<Person> Children { get; init; } = [];

    internal Dictionary<string, decimal> Accounts { get; init; } = [];

    internal int? Age { get; set; }

    internal string Secret => _secret;
}

internal sealed class Employee(string name, string secret, string company) : Person(name, secret)
{
    internal string Company { get; } = company;
}

internal struct Measure
{
    internal double Value;
    internal string? Unit;
}

internal readonly record struct Empty;

internal sealed class Node
{
    internal int Value { get; set; }

    internal Node? Next { get; set; }
}

internal sealed class WithLock
{
    [NonSerialized]
    internal readonly object? Gate = new();

    internal int Count;
}

internal sealed class Token : ICarried<Token>
{
    internal Token(int id) => Id = id;

    internal int Id { get; }

    internal bool CameBack { get; private init; }

    void ICarried<Token>.WriteTo(ref ValueWriter writer) => writer.WriteRaw(Id);

    static Token ICarried<Token>.ReadFrom(ref ValueReader reader) => new(reader.ReadRaw<int>()) { CameBack = true };
}

internal sealed record Holder(Token First, List<Token> More);

[MemoryPackable]
internal sealed partial record Packed(int A, string B);

internal sealed record HasPacked(Packed Inside, int After);

internal sealed record Order(Customer Customer, int Number);

internal sealed record Customer(string Name, FileStream? Stream);

internal sealed record HasDelegate(Action Callback);

internal sealed record HasObject(List<object> Things);

internal sealed record HasHandle(nint Handle);

internal sealed record HasType(Type Kind);

internal sealed record HasTask(Task<int> Pending);

internal sealed record HasInterface(IDisposable Resource);

internal sealed class MyList : List<int>;

internal sealed record Drawing(string Name, List<Point> Points, Point Origin);

internal sealed class Grows<T>
{
    internal Grows<List<T>>? Next { get; init; }
}

internal sealed record Plain<T>(T Value);
