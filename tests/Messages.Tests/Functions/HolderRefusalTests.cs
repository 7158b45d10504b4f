using System.Numerics;
using Actors.Messages.Functions;
using Actors.Messages.Values;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Logging;

// A type that is known by its name alone: this library does not reference its package.
#pragma warning disable IDE0130 // The namespace is that of the package.
namespace Microsoft.EntityFrameworkCore
{
    internal class DbContext
    {
        public Action? Internals { get; set; }
    }
}

namespace Actors.Messages.Tests.Functions
{
    internal sealed class ShopContext : DbContext;

    internal sealed class Repository(ShopContext context)
    {
        public ShopContext Context => context;
    }

    internal sealed class Service<T>(T held)
    {
        public T Held => held;

        public string Render(int id) => $"{id}";

        public Func<int, string> Lambda() => id => $"{id} {held is null}";

        public Func<int, string> LambdaThatCapturesMore(int more) => id => $"{id + more} {held is null}";
    }

    internal class Page<T>(T held) : System.ComponentModel.Component
    {
        public T Held => held;

        public string Render(int id) => $"{id}";

        public Func<int, string> Lambda() => id => $"{id} {held is null}";
    }

    internal sealed class StartPage() : Page<int>(1);

    internal sealed class OwnContext : DbContext
    {
        public string Render(int id) => $"{id}";
    }

    internal sealed class OwnLogger : ILogger
    {
        public IDisposable? BeginScope<TState>(TState state)
            where TState : notnull => null;

        public bool IsEnabled(LogLevel logLevel) => false;

        public void Log<TState>(
            LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter)
        {
        }

        public string Render(int id) => $"{id}";
    }

    internal sealed class MyUri(string text) : Uri(text);

    public class HolderRefusalTests
    {
        [Fact]
        public void Method_OfAClassThatHoldsWhatCannotTravel_NamesTheClassAndTheField()
        {
            Refuses<ILogger<int>>("an ILogger");
            Refuses<ILogger>("an ILogger");
            Refuses<HttpClient>("an HttpClient");
            Refuses<ShopContext>("a ShopContext");
            Refuses<CancellationTokenSource>("a CancellationTokenSource");
            Refuses<Stream>("a Stream");
            Refuses<FileStream>("a FileStream");
            Refuses<Thread>("a Thread");
            Refuses<Timer>("a Timer");
            Refuses<SemaphoreSlim>("a SemaphoreSlim");
            Refuses<IServiceProvider>("an IServiceProvider");
            Refuses<Task>("a Task");
            Refuses<Action>("an Action");
        }

        [Fact]
        public void Method_OfAClassThatHoldsItInAField_NamesTheWholePath()
        {
            var message = Refused(new Service<Repository>(new Repository(new ShopContext())).Render);

            Assert.StartsWith(
                "Service holds a ShopContext, which cannot travel. Make Render static, or mark the field "
                + "[NonSerialized].", message, StringComparison.Ordinal);
            Assert.Contains(
                "The field is held.context; pass the connection string and open it in the worker", message, StringComparison.Ordinal);
        }

        [Fact]
        public void Lambda_ThatUsesThis_NamesTheClassAndTheField()
        {
            const string expected = "Service holds an HttpClient, which cannot travel. Copy the needed values into local variables, or "
                + "mark the field [NonSerialized].";
            Assert.StartsWith(expected, Refused(new Service<HttpClient>(null!).Lambda()), StringComparison.Ordinal);
            Assert.StartsWith(expected, Refused(new Service<HttpClient>(null!).LambdaThatCapturesMore(1)), StringComparison.Ordinal);
        }

        [Fact]
        public void Method_OfAClassWithABaseClassOfTheFramework_NamesBothAndTheRemedy()
        {
            const string expected = " derives from Component, which cannot travel. Make Render static, or move it to another class.";
            Assert.Equal("Page" + expected, Refused(new Page<int>(1).Render));
            Assert.Equal("Page" + expected, Refused(new Page<HttpClient>(null!).Render));
            Assert.Equal("StartPage" + expected, Refused(new StartPage().Render));
            Assert.Equal(
                "Page derives from Component, which cannot travel. Copy the needed values into local variables.",
                Refused(new Page<int>(1).Lambda()));
        }

        [Fact]
        public void Method_OfAClassThatIsKnown_NamesTheRemedy()
        {
            Assert.EndsWith(
                " Make Render static, or move it to another class.", Refused(new OwnContext().Render), StringComparison.Ordinal);
            Assert.StartsWith(
                "OwnLogger cannot travel: use JobContext.Logger in the job", Refused(new OwnLogger().Render), StringComparison.Ordinal);
        }

        [Fact]
        public void Values_ThatCannotTravel_NameWhatWorks()
        {
            Advises<PriorityQueue<int, int>>("pass its UnorderedItems as an array");
            Advises<ILookup<int, string>>("pass a Dictionary of arrays");
            Advises<System.Text.RegularExpressions.Regex>("pass the pattern");
            Advises<Random>("pass a seed");
            Advises<Lazy<int>>("pass its value");
            Advises<MyUri>("declare a System.Uri, or hold one as a field");
            Advises<System.Text.Json.JsonElement>("pass its text");
            Assert.Equal(new BigInteger(5), ValueSerializer.ReadValue<BigInteger>(ValueSerializer.ToBytes(new BigInteger(5)).Span));
        }

        private static void Advises<T>(string advice) =>
            Assert.Contains(
                advice, Assert.Throws<NotCarriedException>(ValueSerializer.RequireCarried<T>).Message, StringComparison.Ordinal);

        private static void Refuses<T>(string held)
            where T : class =>
            Assert.StartsWith(
                $"Service holds {held}, which cannot travel. Make Render static, or mark the field [NonSerialized]. (The field is held; ",
                Refused(new Service<T>(null!).Render), StringComparison.Ordinal);

        private static string Refused(Func<int, string> function) =>
            Assert.Throws<NotCarriedException>(() => KnownFunction.ForDelegate(function, CallShape.Single)).Message;
    }
}
