# The coordinator and the worker node as images, one target each.
#   docker build --target coordinator -t actors-coordinator .
#   docker build --target worker -t actors-worker .

FROM mcr.microsoft.com/dotnet/sdk:10.0 AS build
WORKDIR /source
# The files of a restore come first: the layer is reused until one of them changes.
COPY global.json Directory.Build.props Directory.Packages.props .editorconfig ./
COPY src/Directory.Build.props src/Package.props src/BannedSymbols.txt src/
COPY src/Generators/Generators.csproj src/Generators/
COPY src/Messages/Messages.csproj src/Messages/Friends.props src/Messages/
COPY src/Remoting/Remoting.csproj src/Remoting/
COPY src/Executor/Executor.csproj src/Executor/
COPY src/Durability/Durability.csproj src/Durability/
COPY src/Programs/Programs.csproj src/Programs/
COPY src/Programs/Hosting/Programs.Hosting.csproj src/Programs/Hosting/
COPY src/Client/Client.csproj src/Client/Packing.targets src/Client/
COPY src/Chaos/Chaos.csproj src/Chaos/
COPY src/Coordinator/Coordinator.csproj src/Coordinator/
COPY src/Coordinator/Core/Coordinator.Core.csproj src/Coordinator/Core/
COPY src/WorkerNode/WorkerNode.csproj src/WorkerNode/
COPY src/WorkerNode/Core/WorkerNode.Core.csproj src/WorkerNode/Core/
COPY src/Cli/Cli.csproj src/Cli/
COPY src/Runner/Runner.csproj src/Runner/
RUN dotnet restore src/Cli --use-current-runtime
COPY config config
COPY src src
# The analyzers run in the checks of each change. One process: some projects are built for the runtime identifier and by themselves, to the
# same files.
RUN dotnet publish src/Cli -c Release -m:1 --no-restore --use-current-runtime --self-contained false -p:RunAnalyzers=false -o /programs

# The programs do not need root. They write to /var/lib/actors and /tmp only. Both images have the tool `actors`, and the ASP.NET runtime: for the
# HTTP endpoint of coordinators, and for jobs of web applications.
FROM mcr.microsoft.com/dotnet/aspnet:10.0 AS runtime
RUN mkdir -p /var/lib/actors && chown 1654:1654 /var/lib/actors \
 && printf '#!/bin/sh\nexec dotnet /programs/Actors.Cli.dll "$@"\n' > /usr/local/bin/actors && chmod 755 /usr/local/bin/actors
ENV HOME=/var/lib/actors XDG_CACHE_HOME=/var/lib/actors DOTNET_EnableDiagnostics=0 DOTNET_DbgEnableMiniDump=0
VOLUME /var/lib/actors
COPY --from=build /programs /programs
USER 1654:1654

# Other programs reach this one by the host name of its container.
FROM runtime AS coordinator
ENV PORT=4053 DATA_PORT=4056
ENTRYPOINT ["/bin/sh", "-c", "exec actors coordinator --host \"$(hostname)\" --port \"$PORT\" --data-port \"$DATA_PORT\" \"$@\"", "coordinator"]

FROM runtime AS worker
ENV PORT=4054
ENTRYPOINT ["/bin/sh", "-c", "exec actors worker --host \"$(hostname)\" --port \"$PORT\" \"$@\"", "worker"]
