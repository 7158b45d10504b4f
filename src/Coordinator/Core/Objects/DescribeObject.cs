using Akka.Actor;

namespace Actors.Coordinator.Objects;

/// <summary>To the actor of an object: requests its figures. Answered by <see cref="ObjectDescription"/>.</summary>
public sealed record DescribeObject : INoSerializationVerificationNeeded
{
    public static readonly DescribeObject Instance = new();
}

/// <summary>The figures of an object.</summary>
/// <param name="Figures">The figures.</param>
/// <param name="Holder">The program that holds a lock; empty for none.</param>
public sealed record ObjectDescription(ObjectFigures Figures, string Holder) : INoSerializationVerificationNeeded;
