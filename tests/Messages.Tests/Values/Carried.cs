using Actors.Messages.Values;

namespace Actors.Messages.Tests.Values;

/// <summary>There and back, as between two processes.</summary>
internal static class Carried
{
    internal static T RoundTrip<T>(T value) => ValueSerializer.ReadValue<T>(ValueSerializer.ToBytes(value).Span);
}
