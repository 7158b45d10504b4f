using Akka.Actor;

namespace Actors.Remoting.Dispatch;

/// <summary>
/// An actor that handles each message with the first handler that accepts it. The framework's <see cref="ReceiveActor"/> compiles an
/// expression tree for each class of actors, which takes a third of the time to a program's first result.
/// </summary>
public abstract class HandlerActor : UntypedActor
{
    private readonly List<Handler> _handlers = [];
    private readonly Dictionary<Type, Handler[]> _handlersOfType = [];

    /// <summary>Adds a handler for messages of a type and of types derived from it.</summary>
    protected void Receive<T>(Action<T> handle) => _handlers.Add(new Handler<T>(null, handle));

    /// <summary>Adds a handler for messages of a type that fulfill a condition.</summary>
    protected void Receive<T>(Predicate<T> condition, Action<T> handle) => _handlers.Add(new Handler<T>(condition, handle));

    /// <summary>Adds an asynchronous handler. The next message waits until it has completed.</summary>
    protected void ReceiveAsync<T>(Func<T, Task> handle) => Receive<T>(message => RunTask(() => handle(message)));

    /// <summary>Replaces all handlers.</summary>
    /// <param name="addHandlers">Adds the new handlers.</param>
    protected void Become(Action addHandlers)
    {
        _handlers.Clear();
        _handlersOfType.Clear();
        addHandlers();
    }

    /// <inheritdoc/>
    protected sealed override void OnReceive(object message)
    {
        foreach (var handler in FindHandlers(message))
        {
            if (handler.TryHandle(message))
                return;
        }

        Unhandled(message);
    }

    private Handler[] FindHandlers(object message)
    {
        if (_handlersOfType.TryGetValue(message.GetType(), out var known))
            return known;
        return _handlersOfType[message.GetType()] = [.. _handlers.Where(handler => handler.Accepts(message))];
    }

    private abstract class Handler
    {
        public abstract bool Accepts(object message);

        public abstract bool TryHandle(object message);
    }

    private sealed class Handler<T>(Predicate<T>? condition, Action<T> handle) : Handler
    {
        public override bool Accepts(object message) => message is T;

        public override bool TryHandle(object message)
        {
            var typed = (T)message;
            if (condition is not null && !condition(typed))
                return false;
            handle(typed);
            return true;
        }
    }
}
