using Akka.Actor;

namespace Actors.Coordinator.Clients;

/// <summary>
/// Requests for lists. A list takes milliseconds, and a client could request any number. So a request soon after a list waits for the next
/// one, with all others, and shows the state after all its requests. Not thread-safe.
/// </summary>
/// <typeparam name="TKey">The type that distinguishes the lists.</typeparam>
public sealed class ListRequests<TKey>
    where TKey : notnull
{
    private static readonly TimeSpan Interval = TimeSpan.FromMilliseconds(200);

    private readonly Dictionary<TKey, List<IActorRef>> _requests = [];
    private readonly Dictionary<TKey, TimeSpan> _nextLists = [];

    /// <summary>Adds a request.</summary>
    /// <param name="list">The list.</param>
    /// <param name="sender">The actor that receives it.</param>
    /// <param name="now">The time.</param>
    /// <returns>The time until the list must be made, with <see cref="Take"/>. Null if that was said to an earlier request.</returns>
    public TimeSpan? Add(TKey list, IActorRef sender, TimeSpan now)
    {
        if (_requests.TryGetValue(list, out var waiting))
        {
            waiting.Add(sender);
            return null;
        }

        _requests[list] = [sender];
        return _nextLists.TryGetValue(list, out var next) && next > now ? next - now : TimeSpan.Zero;
    }

    /// <summary>Gets the actors that receive the list that is made now.</summary>
    public IReadOnlyList<IActorRef> Take(TKey list, TimeSpan now)
    {
        _nextLists[list] = now + Interval;
        return _requests.Remove(list, out var waiting) ? waiting : [];
    }
}
